package org.signupmailer.email;

import java.net.IDN;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.signupmailer.event.IdHash;
import org.signupmailer.event.SignupEvent;

/**
 * Turns a rendered e-mail into the bytes that relays get: multipart/alternative, text first, UTF-8 (RFC 2045, 2046,
 * 5322). Nothing of an event can end a header line.
 */
public final class MimeWriter {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.US).withZone(ZoneOffset.UTC);
    /** What IDNA 2008 (RFC 5891) tells apart and IDNA 2003 does not: sharp s, final sigma and the joiners. */
    private static final Pattern NEW_LETTERS = Pattern.compile("[\u00DF\u1E9E\u03C2\u200C\u200D]");

    private final String idDomain;
    private volatile Said said = new Said(0, DATE.format(Instant.EPOCH));

    /** A Date field: the same for all mails of one second. */
    private record Said(long second, String text) {}

    /**
     * Writes mails for one sender.
     *
     * @param idDomain what stands behind the @ of a Message-ID: a domain of the sender's
     */
    public MimeWriter(String idDomain) {
        this.idDomain = asciiDomain(idDomain);
    }

    /**
     * Writes one mail.
     *
     * @param date for the Date field, in full seconds
     */
    public Mime write(SignupEvent event, Email email, Instant date) {
        int at = event.email().lastIndexOf('@');
        String local = event.email().substring(0, at);
        if (hasControl(event.email())) {
            throw new IllegalArgumentException("A recipient's address can't hold control characters");
        }
        String recipient = local + '@' + asciiDomain(event.email().substring(at + 1));
        boolean utf8 = !isAscii(recipient);
        String messageId = messageId(event.id());

        StringBuilder header = new StringBuilder(1024);
        field(header, "Date", date(date));
        field(header, "To", recipient);
        field(header, "Message-ID", messageId);
        field(header, "Subject", HeaderText.of("Subject", email.subject()));
        field(header, "X-Event-Id", HeaderText.of("X-Event-Id", event.id()));
        field(header, "Auto-Submitted", "auto-generated");
        field(header, "Content-Language", email.locale().toLanguageTag());
        field(header, "MIME-Version", "1.0");
        String boundary = boundary();
        field(header, "Content-Type", "multipart/alternative;\r\n boundary=\"" + boundary + '"');

        MimeBuffer out = MimeBuffer.empty();
        out.append(header.append("\r\n").toString());
        part(out, boundary, "text/plain", email.textBytes());
        part(out, boundary, "text/html", email.htmlBytes());
        out.append("--" + boundary + "--\r\n");
        return new Mime(recipient, messageId, out.toByteArray(), utf8);
    }

    private String date(Instant date) {
        Said last = said;
        if (last.second != date.getEpochSecond()) {
            last = new Said(date.getEpochSecond(), DATE.format(date));
            said = last;
        }
        return last.text;
    }

    private String messageId(String eventId) {
        return '<' + HexFormat.of().formatHex(IdHash.of(eventId), 0, 16) + '@' + idDomain + '>';
    }

    // Drawn, not derived, so that nobody who writes an event can end a part from inside its text.
    private static String boundary() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "=_" + HexFormat.of().toHexDigits(random.nextLong())
                + HexFormat.of().toHexDigits(random.nextLong());
    }

    private static String asciiDomain(String domain) {
        try {
            // Java knows IDNA of 2003 only, which makes fass.de of faß.de: another domain, and perhaps a stranger's.
            // The rules of STD 3 keep it from making an @ or a > of its full-width likeness.
            return isAscii(domain) || NEW_LETTERS.matcher(domain).find()
                    ? domain
                    : IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED | IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            // Not a name that IDNA knows: a relay with SMTPUTF8 may still.
            return domain;
        }
    }

    private static void field(StringBuilder header, String name, String value) {
        header.append(name).append(": ").append(value).append("\r\n");
    }

    private static void part(MimeBuffer out, String boundary, String type, byte[] content) {
        BodyText body = new BodyText(content);
        BodyText.Encoding encoding = body.encoding();
        out.append("--" + boundary + "\r\nContent-Type: " + type + "; charset=UTF-8\r\nContent-Transfer-Encoding: "
                + encoding.word() + "\r\n\r\n");
        body.writeTo(out);
        // The line end before a boundary is the boundary's (RFC 2046, 5.1.1), not the text's.
        out.append("\r\n");
    }

    private static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isISOControl(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 126) {
                return false;
            }
        }
        return true;
    }
}
