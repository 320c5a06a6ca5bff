package org.signupmailer.email;

/** Makes one line of a text that a stranger may have written, so that it can't pose as other lines of the mail. */
final class OneLine {

    private OneLine() {}

    /** The text without what ends a line or turns its direction; each gap is one blank, none is at either end. */
    static String of(String value) {
        // Nearly every name and code is one already, and each mail has a dozen of them.
        if (isOne(value)) {
            return value;
        }
        StringBuilder line = new StringBuilder(value.length());
        boolean gap = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (isGap(c)) {
                gap = true;
            } else if (!turnsDirection(c)) {
                if (gap) {
                    line.append(' ');
                    gap = false;
                }
                line.append(c);
            }
        }
        return line.toString().strip();
    }

    private static boolean isOne(String value) {
        char before = ' ';
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (turnsDirection(c) || (isGap(c) && (c != ' ' || before == ' '))) {
                return false;
            }
            before = c;
        }
        return value.isEmpty()
                || (before != ' ' && !Character.isWhitespace(before) && !Character.isWhitespace(value.charAt(0)));
    }

    // Blanks, control characters, and the line ends of Unicode.
    private static boolean isGap(char c) {
        return c <= ' ' || (c >= 0x7F && c <= 0xA0) || c == 0x2028 || c == 0x2029;
    }

    /** Marks that reverse the order of the characters after them, also beyond the end of the value. */
    private static boolean turnsDirection(char c) {
        return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }
}
