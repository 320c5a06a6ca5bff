package org.signupmailer.doctor;

import java.time.Duration;
import java.util.Locale;

/** Times for people. */
final class Seconds {

    private Seconds() {}

    /** {@code 5}, {@code 0.3}, and at least a tenth. */
    static String of(Duration time) {
        double seconds = time.toMillis() / 1000.0;
        if (seconds == Math.rint(seconds)) {
            return Long.toString(time.toSeconds());
        }
        return String.format(Locale.ROOT, "%.1f", Math.max(0.1, seconds));
    }
}
