package org.signupmailer.email;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The text of one part of a mail, and how it travels: not every relay takes more than seven bits (RFC 6152 is an
 * extension). Every kind of line end becomes CRLF, and the last line has one too. Looked at once and written once, since
 * it is most of a mail.
 */
final class BodyText {

    private static final Base64.Encoder MIME_BASE64 = Base64.getMimeEncoder(76, new byte[] {'\r', '\n'});
    // RFC 5322, 2.1.1, without the line end.
    private static final int LONGEST_LINE = 997;

    private final byte[] text;
    private final boolean ended;
    private final Encoding encoding;

    enum Encoding {
        SEVEN_BIT("7bit"),
        QUOTED_PRINTABLE("quoted-printable"),
        BASE64("base64");

        private final String word;

        Encoding(String word) {
            this.word = word;
        }

        /** For the field Content-Transfer-Encoding (RFC 2045, 6). */
        String word() {
            return word;
        }
    }

    BodyText(String content) {
        text = content.getBytes(StandardCharsets.UTF_8);
        int foreign = 0;
        int line = 0;
        boolean longLine = false;
        for (byte b : text) {
            if (b == '\n' || b == '\r') {
                line = 0;
                continue;
            }
            longLine |= ++line > LONGEST_LINE;
            // Bytes of more than seven bits are negative.
            if (b > 126 || (b < ' ' && b != '\t')) {
                foreign++;
            }
        }
        ended = line == 0 && text.length > 0;
        encoding = encoding(foreign, longLine, text.length);
    }

    /** As they are if all ASCII in short lines; else whichever of the two encodings is the shorter. */
    private static Encoding encoding(int foreign, boolean longLine, int length) {
        if (foreign == 0 && !longLine) {
            return Encoding.SEVEN_BIT;
        }
        // Three bytes for one here, four for three there.
        return foreign * 6 > length ? Encoding.BASE64 : Encoding.QUOTED_PRINTABLE;
    }

    Encoding encoding() {
        return encoding;
    }

    void writeTo(MimeBuffer out) {
        switch (encoding) {
            case SEVEN_BIT -> lines(out);
            case BASE64 -> {
                MimeBuffer lines = new MimeBuffer(text.length + text.length / 16);
                lines(lines);
                byte[] encoded = MIME_BASE64.encode(lines.toByteArray());
                out.append(encoded, 0, encoded.length);
            }
            case QUOTED_PRINTABLE -> {
                QuotedPrintable.encode(text, out);
                end(out);
            }
        }
    }

    private void lines(MimeBuffer out) {
        int from = 0;
        for (int i = 0; i < text.length; i++) {
            byte b = text[i];
            if (b == '\n' || b == '\r') {
                out.append(text, from, i);
                crlf(out);
                i += length(text, i) - 1;
                from = i + 1;
            }
        }
        out.append(text, from, text.length);
        end(out);
    }

    private void end(MimeBuffer out) {
        if (!ended) {
            crlf(out);
        }
    }

    static void crlf(MimeBuffer out) {
        out.reserve(2);
        out.put('\r');
        out.put('\n');
    }

    /** How many bytes the line end at {@code at} has. */
    static int length(byte[] text, int at) {
        return text[at] == '\r' && at + 1 < text.length && text[at + 1] == '\n' ? 2 : 1;
    }
}
