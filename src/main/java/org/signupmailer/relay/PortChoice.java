package org.signupmailer.relay;

/**
 * A port to try and the way to speak TLS there.
 *
 * @param port 1 to 65535
 */
public record PortChoice(int port, TlsMode tls) {

    public PortChoice {
        if (port < 1 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is outside 1-65535");
        }
    }

    @Override
    public String toString() {
        return port + " (" + tls.word() + ")";
    }
}
