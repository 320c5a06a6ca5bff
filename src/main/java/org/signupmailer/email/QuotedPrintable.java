package org.signupmailer.email;

/** Quoted-printable (RFC 2045, 6.7) of a text in UTF-8; every kind of line end becomes CRLF. */
final class QuotedPrintable {

    /** Of the 76 that are allowed one is for the sign that the line goes on. */
    private static final int LONGEST = 75;
    /** A line that goes on has at least so many characters before the three that say so. */
    static final int SHORTEST = LONGEST - 2;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

    private final byte[] text;
    private final MimeBuffer out;
    private final byte[] to;
    private int at;
    private int column;

    /**
     * @param out where it is written
     * @param most how many bytes it can become
     */
    QuotedPrintable(byte[] text, MimeBuffer out, int most) {
        this.text = text;
        this.out = out;
        this.to = out.room(most);
        this.at = out.length();
    }

    void encode() {
        int from = 0;
        while (from < text.length) {
            from = line(from);
        }
        out.wrote(at);
    }

    // One line with its end; returns where the next one begins.
    private int line(int from) {
        column = 0;
        int i = from;
        while (inLine(i)) {
            int end = plainTo(i);
            asItIs(i, end);
            i = end;
            // What is foreign comes several bytes at a time.
            while (inLine(i) && (i == end || text[i] < 0)) {
                escaped(text[i++]);
            }
        }
        if (i == text.length) {
            return i;
        }
        to[at++] = '\r';
        to[at++] = '\n';
        return i + BodyText.lineEnd(text, i);
    }

    private boolean inLine(int i) {
        return i < text.length && !BodyText.isLineEnd(text[i]);
    }

    // Where what stays as it is ends: before the next line end, equal sign or foreign byte, and before a blank that is
    // the last one of its line.
    private int plainTo(int from) {
        int end = plainOrBlankTo(from);
        boolean blank = end > from && (text[end - 1] == ' ' || text[end - 1] == '\t');
        return blank && !inLine(end) ? end - 1 : end;
    }

    private int plainOrBlankTo(int from) {
        int i = from;
        for (; i <= text.length - Long.BYTES; i += Long.BYTES) {
            long eight = EightBytes.at(text, i);
            long others = EightBytes.unprintable(eight) | EightBytes.equalSigns(eight);
            if (others != 0) {
                return i + EightBytes.first(others);
            }
        }
        while (i < text.length && BodyText.isPrintable(text[i]) && text[i] != '=') {
            i++;
        }
        return i;
    }

    private void asItIs(int from, int end) {
        for (int i = from; i < end; ) {
            goOnIfBehind(LONGEST - 1);
            int piece = Math.min(end - i, LONGEST - column);
            System.arraycopy(text, i, to, at, piece);
            at += piece;
            column += piece;
            i += piece;
        }
    }

    private void escaped(byte b) {
        goOnIfBehind(LONGEST - 3);
        to[at++] = '=';
        to[at++] = HEX[(b >> 4) & 15];
        to[at++] = HEX[b & 15];
        column += 3;
    }

    private void goOnIfBehind(int last) {
        if (column > last) {
            to[at++] = '=';
            to[at++] = '\r';
            to[at++] = '\n';
            column = 0;
        }
    }
}
