package org.signupmailer.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.signupmailer.relay.PortChoice;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.SmtpFailure;
import org.signupmailer.relay.SmtpSteps;
import org.signupmailer.relay.TlsMode;
import org.signupmailer.relay.TlsSockets;

/**
 * Looks once more at a port where TLS went wrong, on a connection of its own: which certificate is shown there, and
 * whether the other way to begin is spoken. It trusts nobody and breaks off as soon as it has seen the certificate, so
 * that nothing is ever said over a connection that did not verify.
 */
final class SecondLook {

    private final Relay relay;
    private final InetSocketAddress address;
    private final Duration patience;

    SecondLook(Relay relay, InetSocketAddress address, Duration patience) {
        this.relay = relay;
        this.address = address;
        this.patience = patience;
    }

    /** The chain that the relay shows, its own certificate first; empty if it shows none. */
    List<X509Certificate> certificates(TlsMode mode) {
        OnlyLooking looking = new OnlyLooking();
        try (Socket socket = connect();
                SmtpSteps steps = SmtpSteps.over(socket, relay, choice(mode), looking.sockets())) {
            if (mode == TlsMode.IMPLICIT) {
                steps.secure();
            } else {
                steps.greeting();
                steps.hello();
                steps.startTls();
            }
            return List.of();
        } catch (SmtpFailure | IOException e) {
            return looking.seen;
        }
    }

    /** Whether the port begins with TLS. */
    boolean beginsWithTls() {
        return !certificates(TlsMode.IMPLICIT).isEmpty();
    }

    /** Whether the port begins with a plain SMTP greeting. */
    boolean beginsPlain() {
        try (Socket socket = connect();
                SmtpSteps steps =
                        SmtpSteps.over(socket, relay, choice(TlsMode.STARTTLS), new OnlyLooking().sockets())) {
            steps.greeting();
            return true;
        } catch (SmtpFailure e) {
            return e.reply() != null;
        } catch (IOException e) {
            return false;
        }
    }

    private Socket connect() throws IOException {
        Socket socket = SmtpSteps.socket();
        try {
            socket.connect(address, (int) Math.min(patience.toMillis(), Integer.MAX_VALUE));
            return socket;
        } catch (IOException e) {
            PortScan.close(socket);
            throw e;
        }
    }

    private PortChoice choice(TlsMode mode) {
        return new PortChoice(address.getPort(), mode);
    }

    /** Remembers what it is shown, and refuses it. */
    private static final class OnlyLooking implements X509TrustManager {

        private volatile List<X509Certificate> seen = List.of();

        TlsSockets sockets() {
            try {
                SSLContext context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {this}, null);
                return new TlsSockets(context);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("This Java installation has no TLS", e);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            seen = List.of(chain);
            throw new CertificateException("only looking");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
            throw new CertificateException("there are no clients here");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
