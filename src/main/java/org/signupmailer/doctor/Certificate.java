package org.signupmailer.doctor;

import java.net.IDN;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.signupmailer.relay.SmtpReply;

/** A relay's certificate, in words; what a certificate holds is as hostile as a reply. */
final class Certificate {

    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;
    private static final int MOST_NAMES = 5;
    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE.withZone(ZoneOffset.UTC);

    private final X509Certificate certificate;

    Certificate(X509Certificate certificate) {
        this.certificate = certificate;
    }

    String subject() {
        return commonName(certificate.getSubjectX500Principal().getName());
    }

    String issuer() {
        return commonName(certificate.getIssuerX500Principal().getName());
    }

    String from() {
        return DAY.format(certificate.getNotBefore().toInstant());
    }

    String until() {
        return DAY.format(certificate.getNotAfter().toInstant());
    }

    boolean expired(Instant now) {
        return now.isAfter(certificate.getNotAfter().toInstant());
    }

    boolean early(Instant now) {
        return now.isBefore(certificate.getNotBefore().toInstant());
    }

    boolean selfSigned() {
        if (!certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())) {
            return false;
        }
        try {
            certificate.verify(certificate.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The names and addresses that it is for. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> name : all) {
                    if (name.get(0) instanceof Integer kind && (kind == DNS_NAME || kind == IP_ADDRESS)) {
                        names.add(clean(String.valueOf(name.get(1))));
                    }
                }
            }
        } catch (CertificateParsingException e) {
            return List.of();
        }
        return names;
    }

    /** The names for people: not more than fit on a line. */
    String namesInWords() {
        List<String> names = names();
        if (names.isEmpty()) {
            return subject();
        }
        return String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())))
                + (names.size() > MOST_NAMES ? ", …" : "");
    }

    /** RFC 6125: the name itself, or a star for its first label. */
    boolean isFor(String host) {
        String wanted = ascii(host);
        int dot = wanted.indexOf('.');
        String starred = dot < 0 ? wanted : "*" + wanted.substring(dot);
        return names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .anyMatch(name -> name.equals(wanted) || name.equals(starred));
    }

    private static String ascii(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        try {
            return lower.indexOf(':') >= 0 ? lower : IDN.toASCII(lower);
        } catch (IllegalArgumentException e) {
            return lower;
        }
    }

    private static String commonName(String distinguished) {
        try {
            for (Rdn part : new LdapName(distinguished).getRdns()) {
                if (part.getType().equalsIgnoreCase("CN")) {
                    return clean(String.valueOf(part.getValue()));
                }
            }
        } catch (InvalidNameException e) {
            return clean(distinguished);
        }
        return clean(distinguished);
    }

    private static String clean(String text) {
        String line = new SmtpReply(SmtpReply.UNREADABLE, null, text).text();
        return line.length() <= 80 ? line : line.substring(0, 80) + "…";
    }
}
