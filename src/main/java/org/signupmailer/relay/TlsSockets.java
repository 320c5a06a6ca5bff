package org.signupmailer.relay;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** TLS as it is spoken to relays: 1.2 or newer, the chain and the host name verified (RFC 8314, RFC 6125). */
public final class TlsSockets {

    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private final SSLContext context;

    /**
     * Uses the given trust.
     *
     * @param context says which certificate authorities are trusted
     */
    public TlsSockets(SSLContext context) {
        this.context = context;
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
     * Shakes hands over a connected channel that waits, and verifies whom it has spoken to.
     *
     * <p>It may take for ever: who calls it closes the channel when it takes too long.
     *
     * @throws IOException when the handshake fails, or the certificate is not trusted or names another host
     */
    TlsWire handshake(SocketChannel channel, String host, int port) throws IOException {
        SSLEngine engine = context.createSSLEngine(host, port);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(PROTOCOLS);
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        TlsWire wire = new TlsWire(engine, channel);
        wire.handshake();
        return wire;
    }
}
