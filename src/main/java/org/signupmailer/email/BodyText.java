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

    private final byte[] text;
    private final boolean ended;
    private final Encoding encoding;

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

    /** @param content in UTF-8 */
    BodyText(byte[] content) {
        text = content;
        int from = 0;
        while (from < text.length) {
            from = look(from);
        }
        ended = text.length > 0 && isLineEnd(text[text.length - 1]);
        encoding = encoding(foreign, longLine, text.length);
    }

    // One line with its end; returns where the next one begins.
    private int look(int from) {
        int i = from;
        long ends = 0;
        while (ends == 0 && i <= text.length - Long.BYTES) {
            long eight = EightBytes.at(text, i);
            long others = EightBytes.unprintable(eight);
            long signs = EightBytes.equalSigns(eight);
            int here = Long.BYTES;
            if ((others | signs) != 0) {
                ends = EightBytes.lineEnds(eight);
                here = EightBytes.first(ends);
                foreign += Long.bitCount(EightBytes.before(ends, others));
                equalSigns += Long.bitCount(EightBytes.before(ends, signs));
            }
            i += here;
        }
        while (i < text.length && !isLineEnd(text[i])) {
            foreign += isPrintable(text[i]) ? 0 : 1;
            equalSigns += text[i] == '=' ? 1 : 0;
            i++;
        }
        longLine |= i - from > LONGEST_LINE;
        int end = i < text.length ? lineEnd(text, i) : 0;
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
                new QuotedPrintable(text, out, most()).encode();
                end(out);
            }
        }
    }

    // In quoted-printable: three for each byte that does not stay as it is, among them a blank before each line end;
    // and three for each line that goes on.
    private int most() {
        long most = text.length + 2L * (equalSigns + foreign) + 3L * lineEnds + 2;
        return (int) Math.min(Integer.MAX_VALUE - 64, most + 3 * (most / QuotedPrintable.SHORTEST + 1));
    }

    private void lines(MimeBuffer out) {
        out.room(text.length + lineEnds);
        int from = 0;
        while (from < text.length) {
            from = line(from, out);
        }
        end(out);
    }

    private int line(int from, MimeBuffer out) {
        int end = lineEndFrom(from);
        out.append(text, from, end);
        if (end == text.length) {
            return end;
        }
        out.endLine();
        return end + lineEnd(text, end);
    }

    private int lineEndFrom(int from) {
        int i = from;
        for (; i <= text.length - Long.BYTES; i += Long.BYTES) {
            long ends = EightBytes.lineEnds(EightBytes.at(text, i));
            if (ends != 0) {
                return i + EightBytes.first(ends);
            }
        }
        while (i < text.length && !isLineEnd(text[i])) {
            i++;
        }
        return i;
    }

    private void end(MimeBuffer out) {
        if (!ended) {
            out.endLine();
        }
    }

    static boolean isLineEnd(byte c) {
        return c == '\n' || c == '\r';
    }

    /** Printable ASCII, a blank or a tab. */
    static boolean isPrintable(byte c) {
        return c >= ' ' ? c < 127 : c == '\t';
    }

    /** How many bytes the line end at {@code at} has. */
    static int lineEnd(byte[] text, int at) {
        return text[at] == '\r' && at + 1 < text.length && text[at + 1] == '\n' ? 2 : 1;
    }
}
