package org.signupmailer.chain;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way into one route. Held, it lets nobody in and waits for those who are inside, so that the route can be exchanged
 * for another one behind it and no mail meets a route that is half gone.
 */
public final class Door {

    private final AtomicInteger inside = new AtomicInteger();
    private volatile boolean held;
    private volatile long heldSince;

    Door() {}

    /**
     * Steps in; waits while the door is held. Then {@link #leave} must follow.
     *
     * @param most how long a hold may last before those who come are sent away
     * @return false, without being inside, if the hold has lasted longer
     */
    boolean enter(Duration most) throws InterruptedException {
        while (true) {
            // Counted before the look at the door, as hold() closes it before it looks at the count.
            inside.incrementAndGet();
            if (!held) {
                return true;
            }
            leave();
            if (!awaitRelease(most)) {
                return false;
            }
        }
    }

    private synchronized boolean awaitRelease(Duration most) throws InterruptedException {
        while (held) {
            long left = most.toNanos() - (System.nanoTime() - heldSince);
            if (left <= 0) {
                return false;
            }
            wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
        }
        return true;
    }

    void leave() {
        if (inside.decrementAndGet() == 0 && held) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /** Lets nobody in from now on. */
    public synchronized void hold() {
        if (!held) {
            heldSince = System.nanoTime();
            held = true;
        }
    }

    /**
     * Waits until nobody is inside.
     *
     * @return false if somebody still is when the time is over
     */
    public synchronized boolean awaitEmpty(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (inside.get() > 0) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(Math.max(1, Math.min(50, TimeUnit.NANOSECONDS.toMillis(left))));
        }
        return true;
    }

    /** Lets in again, first those who wait. */
    public synchronized void release() {
        held = false;
        notifyAll();
    }
}
