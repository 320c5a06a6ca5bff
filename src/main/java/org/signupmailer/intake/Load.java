package org.signupmailer.intake;

import java.time.Duration;

/**
 * How much there is to do, looked at every five seconds. It is much at once when events fill the read-ahead, and when a
 * thousand ended since the last look; it is little when neither was so from one look to the next but one.
 *
 * <p>For one thread.
 */
final class Load {

    static final Duration LOOK = Duration.ofSeconds(5);
    static final int MANY = 1_000;
    private static final int LOOKS_UNTIL_LIGHT = 2;

    private State state = State.UNKNOWN;
    private long lookedAt;
    private long endedThen;
    private int lightLooks;
    private boolean wasFull;

    private enum State {
        UNKNOWN,
        LIGHT,
        HEAVY
    }

    /** @param now in {@link System#nanoTime()}'s terms, as always here */
    Load(long now) {
        this.lookedAt = now;
    }

    /**
     * Looks, and tells whether it is not what it was.
     *
     * @param full whether as many events are read ahead as may be
     * @param ended events ended since the start
     */
    boolean changes(boolean full, long ended, long now) {
        State before = state;
        wasFull |= full;
        if (full) {
            heavy();
        }
        if (now - lookedAt >= LOOK.toNanos()) {
            if (wasFull || ended - endedThen >= MANY) {
                heavy();
            } else if (++lightLooks >= LOOKS_UNTIL_LIGHT) {
                state = State.LIGHT;
            }
            wasFull = false;
            endedThen = ended;
            lookedAt = now;
        }
        return state != before;
    }

    private void heavy() {
        state = State.HEAVY;
        lightLooks = 0;
    }

    boolean isLight() {
        return state == State.LIGHT;
    }
}
