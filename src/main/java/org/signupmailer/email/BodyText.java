package org.signupmailer.email;

import java.util.Base64;

/**
 * The text of one part of a mail, and how it travels: not every relay takes more than seven bits (RFC 6152 is an
 * extension). Every kind of line end becomes CRLF, and the last line has one too.
 *
 * <p>Looked at once and written once, since it is most of a mail; and line by line, since Java compiles what is called
 * often: as one loop over the whole text it ran uncompiled for up to a minute after a start, at a third of the speed of
 * everything.
 */
final class BodyText {

    private static final Base64.Encoder MIME_BASE64 = Base64.getMimeEncoder(76, new byte[] {'\r', '\n'});
    // RFC 5322, 2.1.1, without the line end.
    private static final int LONGEST_LINE = 997;

    private final char[] text;
    private final int length;
    private final boolean ended;
    private final Encoding encoding;

    private int plain;
    private int equalSigns;
    private int foreign;
    private int lineEnds;
    private boolean longLine;

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

    /** Good until this thread asks for a {@link TextBuffer} the next time. */
    BodyText(TextBuffer content) {
        text = content.chars();
        length = content.length();
        int from = 0;
        while (from < length) {
            from = look(from);
        }
        ended = length > 0 && isLineEnd(text[length - 1]);
        encoding = encoding(foreign, longLine, plain + foreign + lineEnds);
    }

    // One line with its end; returns where the next one begins.
    private int look(int from) {
        int others = 0;
        int othersBytes = 0;
        int signs = 0;
        int i = from;
        while (i < length && !isLineEnd(text[i])) {
            char c = text[i];
            if (c < 127 && (c >= ' ' || c == '\t')) {
                signs += c == '=' ? 1 : 0;
                i++;
            } else {
                int bytes = Utf8.length(text, length, i);
                // What takes four bytes takes two characters.
                int characters = bytes == 4 ? 2 : 1;
                others += characters;
                othersBytes += bytes;
                i += characters;
            }
        }
        int own = i - from - others;
        plain += own;
        equalSigns += signs;
        foreign += othersBytes;
        longLine |= own + othersBytes > LONGEST_LINE;
        int end = i < length ? lineEnd(text, length, i) : 0;
        lineEnds += end;
        return i + end;
    }

    /** As they are if all ASCII in short lines; else whichever of the two encodings is the shorter. */
    private static Encoding encoding(int foreign, boolean longLine, int length) {
        if (foreign == 0 && !longLine) {
            return Encoding.SEVEN_BIT;
        }
        // Three bytes for one here, four for three there.
        return foreign * 6L > length ? Encoding.BASE64 : Encoding.QUOTED_PRINTABLE;
    }

    Encoding encoding() {
        return encoding;
    }

    void writeTo(MimeBuffer out) {
        switch (encoding) {
            case SEVEN_BIT -> lines(out);
            case BASE64 -> {
                int from = out.length();
                lines(out);
                out.append(MIME_BASE64.encode(out.cut(from)));
            }
            case QUOTED_PRINTABLE -> {
                new QuotedPrintable(text, length, out, most()).encode();
                end(out);
            }
        }
    }

    // In quoted-printable: three for each byte that does not stay as it is, among them a blank before each line end;
    // and
    // three for each line that goes on.
    private int most() {
        long most = plain + 2L * equalSigns + 3L * foreign + 4L * lineEnds + 2;
        return (int) Math.min(Integer.MAX_VALUE - 64, most + 3 * (most / QuotedPrintable.SHORTEST + 1));
    }

    private void lines(MimeBuffer out) {
        out.room(plain + foreign + 2 * lineEnds);
        int from = 0;
        while (from < length) {
            from = line(from, out);
        }
        end(out);
    }

    private int line(int from, MimeBuffer out) {
        byte[] to = out.room(0);
        int at = out.length();
        int i = from;
        while (i < length && !isLineEnd(text[i])) {
            if (text[i] < 0x80) {
                to[at++] = (byte) text[i++];
            } else {
                int bytes = Utf8.put(text, length, i, to, at);
                i += bytes == 4 ? 2 : 1;
                at += bytes;
            }
        }
        if (i < length) {
            to[at++] = '\r';
            to[at++] = '\n';
            i += lineEnd(text, length, i);
        }
        out.wrote(at);
        return i;
    }

    private void end(MimeBuffer out) {
        if (!ended) {
            int at = out.length();
            byte[] to = out.room(2);
            to[at] = '\r';
            to[at + 1] = '\n';
            out.wrote(at + 2);
        }
    }

    static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    /** How many characters the line end at {@code at} has. */
    static int lineEnd(char[] text, int end, int at) {
        return text[at] == '\r' && at + 1 < end && text[at + 1] == '\n' ? 2 : 1;
    }
}
