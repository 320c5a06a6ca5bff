package org.signupmailer.email;

import java.util.regex.Pattern;

/** Makes one line of a text that a stranger may have written, so that it can't pose as other lines of the mail. */
final class OneLine {

    private static final Pattern BREAKS = Pattern.compile("[\\s\\p{Cc}\\u0085\\u00A0\\u2028\\u2029]+");

    /** Marks that reverse the order of the characters after them, also beyond the end of the value. */
    private static final Pattern DIRECTION_CONTROLS = Pattern.compile("[\\u202A-\\u202E\\u2066-\\u2069]");

    private OneLine() {}

    static String of(String value) {
        if (isOne(value)) {
            return value;
        }
        String forward = DIRECTION_CONTROLS.matcher(value).replaceAll("");
        return BREAKS.matcher(forward).replaceAll(" ").strip();
    }

    // Nearly every name and code is, and each mail has a dozen of them.
    private static boolean isOne(String value) {
        char before = ' ';
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean plain = (c > ' ' && c < 0x7F) || (c >= 0x100 && c < 0x2000 && Character.isLetterOrDigit(c));
            if (!plain && (c != ' ' || before == ' ')) {
                return false;
            }
            before = c;
        }
        return value.isEmpty() || before != ' ';
    }
}
