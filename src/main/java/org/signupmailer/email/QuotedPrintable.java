package org.signupmailer.email;

import java.util.Arrays;

/** Quoted-printable (RFC 2045, 6.7) of a text whose lines end in CRLF. */
final class QuotedPrintable {

    /** Of the 76 that are allowed one is for the sign that the line goes on. */
    private static final int LONGEST = 75;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

    private QuotedPrintable() {}

    static byte[] encode(byte[] text) {
        // Every byte as three, and three more for each line that goes on.
        byte[] out = new byte[3 * text.length + 3 * (3 * text.length / (LONGEST - 2) + 1)];
        int length = 0;
        int column = 0;
        for (int i = 0; i < text.length; i++) {
            byte b = text[i];
            if (b == '\r' && i + 1 < text.length && text[i + 1] == '\n') {
                out[length++] = '\r';
                out[length++] = '\n';
                column = 0;
                i++;
                continue;
            }
            boolean blank = b == ' ' || b == '\t';
            boolean asItIs = blank ? !endsLine(text, i) : b > ' ' && b < 127 && b != '=';
            int needed = asItIs ? 1 : 3;
            if (column + needed > LONGEST) {
                out[length++] = '=';
                out[length++] = '\r';
                out[length++] = '\n';
                column = 0;
            }
            column += needed;
            if (asItIs) {
                out[length++] = b;
            } else {
                out[length++] = '=';
                out[length++] = HEX[(b >> 4) & 15];
                out[length++] = HEX[b & 15];
            }
        }
        return Arrays.copyOf(out, length);
    }

    private static boolean endsLine(byte[] text, int at) {
        return at + 1 == text.length || text[at + 1] == '\r' || text[at + 1] == '\n';
    }
}
