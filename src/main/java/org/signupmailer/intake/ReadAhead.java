package org.signupmailer.intake;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How many events may be read and not ended. Reading runs ahead so that of several codes for one person the newest is
 * known before the oldest is mailed. Nobody asks for another one within a few seconds: while four hundred events end in
 * five, no more than four hundred are read ahead, since more would only fill memory, and the collector's time with it. When
 * mails go out slowly, or none does, it is as many as the operator allows.
 *
 * <p>For one thread.
 */
final class ReadAhead {

    static final Duration LOOK = Duration.ofSeconds(5);
    static final int ENOUGH = 400;
    // Each mail on its way has another one ready behind it, with some to spare.
    private static final int PER_MAIL_ON_ITS_WAY = 4;
    private static final long SHORTEST = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long LONGEST = TimeUnit.MILLISECONDS.toNanos(50);

    private final int most;
    private final int enough;
    private boolean flows = true;
    private boolean full;
    private boolean forAMoment;
    private long lookedAt;
    private long endedThen;
    private long fullSince;
    private long endedBeforeFull;
    private long moment;

    /**
     * @param most {@code MAILER_READ_AHEAD}
     * @param concurrency mails on their way at once
     * @param now in {@link System#nanoTime()}'s terms, as always here
     */
    ReadAhead(int most, int concurrency, long now) {
        this.most = most;
        this.enough = Math.min(most, Math.max(ENOUGH, PER_MAIL_ON_ITS_WAY * concurrency));
        this.lookedAt = now;
    }

    /**
     * Whether no more are to be read for now.
     *
     * @param open events read and not ended
     * @param ended events ended since the start
     */
    boolean isFull(int open, long ended, long now) {
        if (now - lookedAt >= LOOK.toNanos()) {
            flows = ended - endedThen >= enough;
            endedThen = ended;
            lookedAt = now;
        }
        int bound = flows ? enough : most;
        boolean before = full;
        // Resumed only when half of it is done, so that reading does not stutter at the bound.
        full = open >= (full ? bound / 2 + 1 : bound);
        if (full && !before) {
            fullSince = now;
            endedBeforeFull = ended;
        }
        forAMoment = full && flows && open <= 2 * enough;
        if (forAMoment) {
            moment = untilHalf(open - bound / 2, ended - endedBeforeFull, now - fullSince) / 2;
        }
        return full;
    }

    // As fast as it goes since it is full.
    private static long untilHalf(int left, long ended, long nanos) {
        return nanos * left / Math.max(1, ended);
    }

    /** Whether it is full now, and will not be for long. */
    boolean isFullForAMoment() {
        return forAMoment;
    }

    /**
     * For how long nobody need ask again while it is full for a moment: half of what it will take, as it goes, until more
     * may be read; 5 ms at least, 50 at most.
     */
    Duration moment() {
        return Duration.ofNanos(Math.max(SHORTEST, Math.min(moment, LONGEST)));
    }

    /** Whether it is as full as the operator allows. */
    boolean isAtMost() {
        return full && (!flows || enough == most);
    }
}
