package org.signupmailer.doctor;

import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.PortChoice;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.SmtpFailure;
import org.signupmailer.relay.TlsMode;

/** Says why a handshake failed: the way to begin, the certificate, the versions. */
final class TlsTrouble {

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);
    private static final Pattern TOO_OLD =
            Pattern.compile("(?i)protocol_version|handshake_failure|no appropriate protocol|insufficient_security");

    private final Relay relay;
    private final PortChoice port;
    private final SecondLook look;
    private final Texts texts;
    private final Facts facts;
    private final Clock clock;

    TlsTrouble(Relay relay, PortChoice port, SecondLook look, Tools tools, Facts facts) {
        this.relay = relay;
        this.port = port;
        this.look = look;
        this.texts = tools.texts();
        this.facts = facts;
        this.clock = tools.clock();
    }

    Finding explain(SmtpFailure failure) {
        List<X509Certificate> chain = look.certificates(port.tls());
        if (!chain.isEmpty() && isAboutTheCertificate(failure)) {
            return certificate(new Certificate(chain.get(0)));
        }
        if (chain.isEmpty() && port.tls() == TlsMode.IMPLICIT && look.beginsPlain()) {
            return finding("implicit-on-starttls", "");
        }
        String words = String.valueOf(failure.getMessage());
        return finding(TOO_OLD.matcher(words).find() ? "tls-too-old" : "tls-failed", words);
    }

    private static boolean isAboutTheCertificate(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }

    private Finding certificate(Certificate certificate) {
        Instant now = clock.instant();
        String id = certificate.selfSigned()
                ? "certificate-self-signed"
                : certificate.expired(now)
                        ? "certificate-expired"
                        : certificate.early(now)
                                ? "certificate-not-yet-valid"
                                : certificate.isFor(relay.host())
                                        ? "certificate-not-trusted"
                                        : "certificate-other-host";
        Finding finding = texts.finding(
                id,
                facts.with(
                        "port", Integer.toString(port.port()),
                        "subject", certificate.subject(),
                        "issuer", certificate.issuer(),
                        "names", certificate.namesInWords(),
                        "from", certificate.from(),
                        "until", certificate.until(),
                        "now", MINUTE.format(now)));
        return finding.saying(describe(certificate) + " · "
                + texts.say("tls.names", Map.of("names", certificate.namesInWords())) + " · "
                + texts.say("tls.clock", Map.of("now", MINUTE.format(now))));
    }

    private static String describe(Certificate certificate) {
        return certificate.subject() + " · " + certificate.issuer() + " · " + certificate.from() + " – "
                + certificate.until();
    }

    private Finding finding(String id, String answer) {
        return texts.finding(id, facts.with("port", Integer.toString(port.port()), "answer", answer));
    }

    /** What a handshake that went well agreed on. */
    record Agreed(Relay relay, Texts texts) {

        String inWords(@Nullable SSLSession session) {
            if (session == null) {
                return "?";
            }
            try {
                if (session.getPeerCertificates()[0] instanceof X509Certificate own) {
                    Certificate certificate = new Certificate(own);
                    return texts.say(
                                    "tls.certificate",
                                    Map.of(
                                            "version", session.getProtocol(),
                                            "subject", certificate.subject(),
                                            "issuer", certificate.issuer(),
                                            "from", certificate.from(),
                                            "until", certificate.until()))
                            + " · " + texts.say("tls.fits", Map.of("host", relay.host()));
                }
            } catch (SSLPeerUnverifiedException e) {
                return session.getProtocol();
            }
            return session.getProtocol();
        }
    }
}
