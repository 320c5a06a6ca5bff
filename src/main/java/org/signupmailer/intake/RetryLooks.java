package org.signupmailer.intake;

import java.time.Duration;
import java.util.Collection;

/**
 * When the retry topics are read. They are nearly always empty, have three partitions for each one of events, and all that
 * are asked for cost something at every fetch, which an event waits for. So they are looked at now and then, long before
 * anything in them is due, and for as long as something comes.
 *
 * <p>For one thread. Times are in {@link System#nanoTime()}'s terms.
 */
final class RetryLooks {

    // The fetch on its way and the one behind it, which asks for them, take 100 ms each at most. Kafka's client keeps
    // what comes later for the next look.
    static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration SELDOM = Duration.ofSeconds(2);
    // Several looks before an event is due, should one of them be in vain.
    private static final int BEFORE_DUE = 5;

    private final long every;
    private boolean looking = true;
    private long since;

    /**
     * Begins with a look.
     *
     * @param delays how long events wait in these topics
     */
    RetryLooks(Collection<Duration> delays, long now) {
        Duration shortest =
                delays.stream().min(Duration::compareTo).orElse(SELDOM).dividedBy(BEFORE_DUE);
        this.every = (shortest.compareTo(SELDOM) < 0 ? shortest : SELDOM).toNanos();
        this.since = now;
    }

    /** Whether they are to be read now. */
    boolean isLooking(long now) {
        if (every <= 2 * LOOK.toNanos()) {
            return true;
        }
        long over = looking ? LOOK.toNanos() : every - LOOK.toNanos();
        if (now - since >= over) {
            looking = !looking;
            since = now;
        }
        return looking;
    }

    /** Something came: there may be more behind it. */
    void came(long now) {
        if (looking) {
            since = now;
        }
    }
}
