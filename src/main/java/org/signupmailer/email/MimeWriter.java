package org.signupmailer.email;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UnsupportedEncodingException;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import org.signupmailer.event.SignupEvent;

/**
 * Turns a rendered e-mail into the bytes that relays get: multipart/alternative, text first, UTF-8 (RFC 2045, 2046,
 * 5322). Nothing of an event can end a header line.
 */
public final class MimeWriter {

    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.US).withZone(ZoneOffset.UTC);
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(76, new byte[] {'\r', '\n'});
    private static final int LONGEST_LINE = 998;

    private final String idDomain;

    /**
     * Writes mails for one sender.
     *
     * @param idDomain what stands behind the @ of a Message-ID: a domain of the sender's
     */
    public MimeWriter(String idDomain) {
        this.idDomain = idDomain;
    }

    /**
     * Writes one mail.
     *
     * @param date for the Date field, in full seconds
     */
    public Mime write(SignupEvent event, Email email, Instant date) {
        int at = event.email().lastIndexOf('@');
        String local = event.email().substring(0, at);
        String recipient = local + '@' + asciiDomain(event.email().substring(at + 1));
        boolean utf8 = !isAscii(recipient);
        String messageId = messageId(event.id());

        StringBuilder header = new StringBuilder(1024);
        field(header, "Date", DATE.format(date));
        field(header, "To", recipient);
        field(header, "Message-ID", messageId);
        field(header, "Subject", encoded("Subject", email.subject()));
        field(header, "X-Event-Id", encoded("X-Event-Id", event.id()));
        field(header, "Auto-Submitted", "auto-generated");
        field(header, "Content-Language", email.locale().toLanguageTag());
        field(header, "MIME-Version", "1.0");
        String boundary = boundary();
        field(header, "Content-Type", "multipart/alternative;\r\n boundary=\"" + boundary + '"');

        ByteArrayOutputStream out = new ByteArrayOutputStream(
                header.length() + 2 * (email.text().length() + email.html().length()));
        ascii(out, header.append("\r\n").toString(), utf8);
        part(out, boundary, "text/plain", email.text());
        part(out, boundary, "text/html", email.html());
        ascii(out, "--" + boundary + "--\r\n", false);
        return new Mime(recipient, messageId, out.toByteArray(), utf8);
    }

    private String messageId(String eventId) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(eventId.getBytes(StandardCharsets.UTF_8));
            return '<' + HexFormat.of().formatHex(digest, 0, 16) + '@' + idDomain + '>';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java always has SHA-256", e);
        }
    }

    // Drawn, not derived, so that nobody who writes an event can end a part from inside its text.
    private static String boundary() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return "=_" + HexFormat.of().toHexDigits(random.nextLong())
                + HexFormat.of().toHexDigits(random.nextLong());
    }

    private static String asciiDomain(String domain) {
        try {
            return isAscii(domain) ? domain : IDN.toASCII(domain, IDN.ALLOW_UNASSIGNED);
        } catch (IllegalArgumentException e) {
            // Not a name that IDNA knows: a relay with SMTPUTF8 may still.
            return domain;
        }
    }

    private static void field(StringBuilder header, String name, String value) {
        header.append(name).append(": ").append(value).append("\r\n");
    }

    private static String encoded(String name, String value) {
        try {
            String encoded = MimeUtility.encodeText(OneLine.of(value), "UTF-8", null);
            return MimeUtility.fold(name.length() + 2, encoded);
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("Java always has UTF-8", e);
        }
    }

    private static void part(ByteArrayOutputStream out, String boundary, String type, String content) {
        String lines = crlf(content);
        Encoding encoding = Encoding.of(lines);
        ascii(
                out,
                "--" + boundary + "\r\nContent-Type: " + type + "; charset=UTF-8\r\nContent-Transfer-Encoding: "
                        + encoding.word + "\r\n\r\n",
                false);
        byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
        switch (encoding) {
            case SEVEN_BIT -> out.writeBytes(bytes);
            case BASE64 -> {
                out.writeBytes(MimeWriter.BASE64.encode(bytes));
                ascii(out, "\r\n", false);
            }
            case QUOTED_PRINTABLE -> quotedPrintable(out, bytes);
        }
    }

    private static void quotedPrintable(ByteArrayOutputStream out, byte[] bytes) {
        try (OutputStream encoder = MimeUtility.encode(out, Encoding.QUOTED_PRINTABLE.word)) {
            encoder.write(bytes);
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException("A mail in memory can always be encoded", e);
        }
    }

    private static String crlf(String text) {
        StringBuilder lines = new StringBuilder(text.length() + text.length() / 30);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r') {
                lines.append("\r\n");
                if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                    i++;
                }
            } else {
                lines.append(c);
            }
        }
        if (lines.length() < 2 || lines.charAt(lines.length() - 1) != '\n') {
            lines.append("\r\n");
        }
        return lines.toString();
    }

    private static void ascii(ByteArrayOutputStream out, String text, boolean utf8) {
        out.writeBytes(text.getBytes(utf8 ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII));
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 126) {
                return false;
            }
        }
        return true;
    }

    /** How a body travels: not every relay takes more than seven bits (RFC 6152 is an extension). */
    private enum Encoding {
        SEVEN_BIT("7bit"),
        QUOTED_PRINTABLE("quoted-printable"),
        BASE64("base64");

        private final String word;

        Encoding(String word) {
            this.word = word;
        }

        /** As they are if all ASCII in short lines; else whichever of the two encodings is the shorter. */
        static Encoding of(String lines) {
            int foreign = 0;
            int line = 0;
            boolean longLine = false;
            for (int i = 0; i < lines.length(); i++) {
                char c = lines.charAt(i);
                line = c == '\n' ? 0 : line + 1;
                longLine |= line > LONGEST_LINE;
                if (c > 126 || (c < ' ' && c != '\r' && c != '\n' && c != '\t')) {
                    foreign++;
                }
            }
            if (foreign == 0 && !longLine) {
                return SEVEN_BIT;
            }
            return foreign * 6 > lines.length() ? BASE64 : QUOTED_PRINTABLE;
        }
    }
}
