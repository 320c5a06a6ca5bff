package org.signupmailer.relay;

import org.jspecify.annotations.Nullable;

/**
 * The three numbers of RFC 3463, such as {@code 5.1.1}.
 *
 * @param kind    2 success, 4 passing failure, 5 permanent failure (the RFC's "class")
 * @param subject 0 to 999
 * @param detail  0 to 999
 */
public record EnhancedStatusCode(int kind, int subject, int detail) {

    public EnhancedStatusCode {
        if ((kind != 2 && kind != 4 && kind != 5) || subject < 0 || subject > 999 || detail < 0 || detail > 999) {
            throw new IllegalArgumentException("not an enhanced status code: " + kind + "." + subject + "." + detail);
        }
    }

    /** The code, or null if the text is anything else or more than that. */
    public static @Nullable EnhancedStatusCode parse(String text) {
        return endOf(text, 0) == text.length() ? of(text, 0, text.length()) : null;
    }

    /** Where the code that begins at {@code start} ends, or -1 if none begins there or if it goes on like none. */
    static int endOf(String text, int start) {
        boolean begins = text.startsWith(".", start + 1) && "245".indexOf(text.charAt(start)) >= 0;
        int subject = begins ? endOfNumber(text, start + 2) : -1;
        int detail = subject >= 0 && text.startsWith(".", subject) ? endOfNumber(text, subject + 1) : -1;
        return text.startsWith(".", detail) ? -1 : detail;
    }

    // Of one to three digits; -1 if there are none or more.
    private static int endOfNumber(String text, int start) {
        int end = start;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end > start && end <= start + 3 ? end : -1;
    }

    /** The code from {@code start} to the end that {@link #endOf} found. */
    static EnhancedStatusCode of(String text, int start, int end) {
        int dot = text.indexOf('.', start + 2);
        return new EnhancedStatusCode(
                text.charAt(start) - '0',
                Integer.parseInt(text, start + 2, dot, 10),
                Integer.parseInt(text, dot + 1, end, 10));
    }

    @Override
    public String toString() {
        return kind + "." + subject + "." + detail;
    }
}
