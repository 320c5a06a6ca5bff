package org.signupmailer.relay;

import java.io.IOException;
import java.net.Socket;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** TLS as it is spoken to relays: 1.2 or newer, the chain and the host name verified (RFC 8314, RFC 6125). */
public final class TlsSockets {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final SSLSocketFactory factory;

    /**
     * Uses the given trust.
     *
     * @param context says which certificate authorities are trusted
     */
    public TlsSockets(SSLContext context) {
        this.factory = context.getSocketFactory();
    }

    /** Trusts what the Java installation trusts; {@code javax.net.ssl.trustStore} changes that. */
    public static TlsSockets ofTheJavaInstallation() {
        try {
            return new TlsSockets(SSLContext.getDefault());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("This Java installation has no TLS", e);
        }
    }

    /**
     * Turns a connected socket into a verified TLS one.
     *
     * <p>It may take for ever: who calls it closes the socket when it takes too long.
     *
     * @throws IOException when the handshake fails, or the certificate is not trusted or names another host
     */
    SSLSocket handshake(Socket plain, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) factory.createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
