package org.signupmailer.deadletter;

import java.time.Duration;
import org.signupmailer.topic.Moment;

/** How far a replay has come, in words that fit in one line. */
final class ReplayProgress {

    private ReplayProgress() {}

    /** {@code 4200 of 10000 put back (42 %), 2100 a second, some 3 s left}. */
    static String words(long done, long total, Duration since) {
        long percent = total == 0 ? 100 : done * 100 / total;
        String words = done + " of " + total + " put back (" + percent + " %)";
        double seconds = since.toNanos() / 1e9;
        if (done == 0 || seconds < 0.5 || done >= total) {
            return words;
        }
        double perSecond = done / seconds;
        return words + ", " + Math.round(perSecond) + " a second, some "
                + Moment.words(Duration.ofSeconds((long) Math.ceil((total - done) / perSecond))) + " left";
    }
}
