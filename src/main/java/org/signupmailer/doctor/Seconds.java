package org.signupmailer.doctor;

import java.time.Duration;
import java.util.Locale;

/** Times for people. */
final class Seconds {

    private Seconds() {}

    /** {@code 5}, {@code 0.3}, {@code 0.012}. */
    static String of(Duration time) {
        double seconds = time.toMillis() / 1000.0;
        if (seconds == Math.rint(seconds)) {
            return Long.toString(time.toSeconds());
        }
        return String.format(Locale.ROOT, seconds < 0.1 ? "%.3f" : "%.1f", seconds);
    }
}
