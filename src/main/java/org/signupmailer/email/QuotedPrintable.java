package org.signupmailer.email;

/** Quoted-printable (RFC 2045, 6.7) of a text in UTF-8; every kind of line end becomes CRLF. */
final class QuotedPrintable {

    /** Of the 76 that are allowed one is for the sign that the line goes on. */
    private static final int LONGEST = 75;
    /** A line that goes on has at least so many characters before the three that say so. */
    static final int SHORTEST = LONGEST - 2;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

    private final char[] text;
    private final int end;
    private final MimeBuffer out;
    private final byte[] to;
    private final byte[] character = new byte[4];
    private int at;
    private int column;

    /**
     * @param end of the text within its array
     * @param out where it is written
     * @param most how many bytes it can become
     */
    QuotedPrintable(char[] text, int end, MimeBuffer out, int most) {
        this.text = text;
        this.end = end;
        this.out = out;
        this.to = out.room(most);
        this.at = out.length();
    }

    void encode() {
        int from = 0;
        while (from < end) {
            from = line(from);
        }
        out.wrote(at);
    }

    // One line with its end; returns where the next one begins.
    private int line(int from) {
        column = 0;
        int i = from;
        while (i < end && !BodyText.isLineEnd(text[i])) {
            i = plain(i);
            if (i < end && !BodyText.isLineEnd(text[i])) {
                i = escaped(i);
            }
        }
        if (i == end) {
            return end;
        }
        to[at++] = '\r';
        to[at++] = '\n';
        return i + BodyText.lineEnd(text, end, i);
    }

    // What stays as it is, up to the first character that does not.
    private int plain(int from) {
        int i = from;
        int here = at;
        int filled = column;
        for (; i < end; i++) {
            char c = text[i];
            if (c < ' ' ? c != '\t' : c >= 127 || c == '=') {
                break;
            }
            if ((c == ' ' || c == '\t') && endsLine(i)) {
                break;
            }
            if (filled == LONGEST) {
                here = goOn(here);
                filled = 0;
            }
            filled++;
            to[here++] = (byte) c;
        }
        at = here;
        column = filled;
        return i;
    }

    private int escaped(int i) {
        int bytes = Utf8.put(text, end, i, character, 0);
        for (int j = 0; j < bytes; j++) {
            if (column + 3 > LONGEST) {
                at = goOn(at);
                column = 0;
            }
            column += 3;
            to[at++] = '=';
            to[at++] = HEX[(character[j] >> 4) & 15];
            to[at++] = HEX[character[j] & 15];
        }
        return i + (bytes == 4 ? 2 : 1);
    }

    private int goOn(int from) {
        to[from] = '=';
        to[from + 1] = '\r';
        to[from + 2] = '\n';
        return from + 3;
    }

    private boolean endsLine(int i) {
        return i + 1 == end || BodyText.isLineEnd(text[i + 1]);
    }
}
