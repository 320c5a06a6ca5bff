package org.signupmailer.relay;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The three numbers of RFC 3463, such as {@code 5.1.1}.
 *
 * @param kind    2 success, 4 passing failure, 5 permanent failure (the RFC's "class")
 * @param subject 0 to 999
 * @param detail  0 to 999
 */
public record EnhancedStatusCode(int kind, int subject, int detail) {

    private static final Pattern FORM = Pattern.compile("([245])\\.(\\d{1,3})\\.(\\d{1,3})");

    public EnhancedStatusCode {
        if ((kind != 2 && kind != 4 && kind != 5) || subject < 0 || subject > 999 || detail < 0 || detail > 999) {
            throw new IllegalArgumentException("not an enhanced status code: " + kind + "." + subject + "." + detail);
        }
    }

    /** The code, or null if the text is anything else or more than that. */
    public static @Nullable EnhancedStatusCode parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? new EnhancedStatusCode(
                        Integer.parseInt(matcher.group(1)),
                        Integer.parseInt(matcher.group(2)),
                        Integer.parseInt(matcher.group(3)))
                : null;
    }

    @Override
    public String toString() {
        return kind + "." + subject + "." + detail;
    }
}
