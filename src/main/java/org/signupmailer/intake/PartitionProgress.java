package org.signupmailer.intake;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * How far one partition may be committed: behind the last event up to which all have ended, although they end out of
 * order. Thread-safe.
 */
final class PartitionProgress {

    private final ArrayDeque<Long> read = new ArrayDeque<>();
    private final Set<Long> ended = new HashSet<>();
    private long committable = -1;
    private long committed = -1;
    private int inFlight;
    private boolean revoked;

    /** Offsets come in increasing order, with gaps where the topic has them. */
    synchronized void read(long offset) {
        read.addLast(offset);
    }

    synchronized void ended(long offset) {
        ended.add(offset);
        while (!read.isEmpty() && ended.remove(read.peekFirst())) {
            committable = read.removeFirst() + 1;
        }
    }

    /** The next offset to be read after a restart, if that has changed since it was last committed; else -1. */
    synchronized long toCommit() {
        return committable > committed ? committable : -1;
    }

    synchronized void committed(long offset) {
        committed = Math.max(committed, offset);
    }

    /** Whether an event of this partition may be begun; if so, {@link #done} must follow. */
    synchronized boolean begin() {
        if (revoked) {
            return false;
        }
        inFlight++;
        return true;
    }

    synchronized void done() {
        inFlight--;
        notifyAll();
    }

    /** The partition is another process's now: what was not begun is not to be begun. */
    synchronized void revoke() {
        revoked = true;
    }

    synchronized boolean revoked() {
        return revoked;
    }

    /**
     * Waits until nothing of this partition is in flight.
     *
     * @param deadline in {@link System#nanoTime()}'s terms
     */
    synchronized void awaitDone(long deadline) throws InterruptedException {
        while (inFlight > 0) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }
}
