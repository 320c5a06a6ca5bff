package org.signupmailer.email;

/** Quoted-printable (RFC 2045, 6.7) of a text; every kind of line end becomes CRLF. */
final class QuotedPrintable {

    /** Of the 76 that are allowed one is for the sign that the line goes on. */
    private static final int LONGEST = 75;

    // A byte as three, and a line that goes on before it.
    private static final int MOST_FOR_ONE = 6;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'};

    private QuotedPrintable() {}

    static void encode(byte[] text, MimeBuffer out) {
        int column = 0;
        for (int i = 0; i < text.length; i++) {
            byte b = text[i];
            out.reserve(MOST_FOR_ONE);
            if (b == '\r' || b == '\n') {
                out.put('\r');
                out.put('\n');
                column = 0;
                i += BodyText.length(text, i) - 1;
                continue;
            }
            boolean blank = b == ' ' || b == '\t';
            boolean asItIs = blank ? !endsLine(text, i) : b > ' ' && b < 127 && b != '=';
            int needed = asItIs ? 1 : 3;
            if (column + needed > LONGEST) {
                out.put('=');
                out.put('\r');
                out.put('\n');
                column = 0;
            }
            column += needed;
            if (asItIs) {
                out.put(b);
            } else {
                out.put('=');
                out.put(HEX[(b >> 4) & 15]);
                out.put(HEX[b & 15]);
            }
        }
    }

    private static boolean endsLine(byte[] text, int at) {
        return at + 1 == text.length || text[at + 1] == '\r' || text[at + 1] == '\n';
    }
}
