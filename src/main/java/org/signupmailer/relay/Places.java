package org.signupmailer.relay;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The places for mails at one relay, as many as it may have connections. Who finds none free stands in line and is served
 * in the order of coming. The next in line may be promised to a connection that is still busy with another mail, so that
 * its envelope travels behind that mail (RFC 2920, 3.1).
 */
final class Places {

    /** How long an envelope that was sent ahead is good for: a relay that waits longer for its mail may have hung up. */
    static final Duration ENVELOPE_KEEPS = Duration.ofSeconds(2);

    // All that follows is guarded by this object's lock, and each hold of it is short: nobody is woken inside it, since
    // who wakes would wait for the lock at once.
    private final Deque<Place> line = new ArrayDeque<>();
    private final int all;
    private int free;
    private int held;
    private long allHeldSince;
    private long allHeldBefore;

    Places(int places) {
        this.all = places;
        this.free = places;
    }

    // For how long every place was held by a mail that was through, in nanoseconds.
    private long allHeld() {
        return held == all ? allHeldBefore + System.nanoTime() - allHeldSince : allHeldBefore;
    }

    /**
     * Takes a place, or waits in line for one.
     *
     * @param mayBeAhead whether the mail's envelope may be sent before the place is free
     * @return null when none became free in time
     */
    @Nullable
    Place take(OutgoingMail mail, boolean mayBeAhead, Duration atMost) throws InterruptedException {
        Place place = new Place(mail, mayBeAhead);
        synchronized (this) {
            if (free > 0) {
                free--;
                place.taken = true;
                return place;
            }
            place.heldBefore = allHeld();
            line.addLast(place);
        }
        long deadline = System.nanoTime() + atMost.toNanos();
        try {
            return place.await(deadline) || !place.goAway() ? place : null;
        } catch (InterruptedException e) {
            if (place.goAway()) {
                throw e;
            }
            // It has the place, so it has to be let go as such.
            Thread.currentThread().interrupt();
            return place;
        }
    }

    /** One mail's place, taken or waited for. */
    final class Place {

        private final OutgoingMail mail;
        private final boolean mayBeAhead;
        private final CountDownLatch here = new CountDownLatch(1);
        private long heldBefore;
        private boolean through;
        private boolean taken;
        private boolean promised;
        private boolean gone;
        private @Nullable Place next;
        // Settled once the place is taken; from then on they are its taker's alone.
        private long heldUp;
        private @Nullable SmtpConnection handed;

        private Place(OutgoingMail mail, boolean mayBeAhead) {
            this.mail = mail;
            this.mayBeAhead = mayBeAhead;
        }

        // A connection that takes long with the mail before may be overtaken by all others: then it is not waited for.
        private boolean await(long deadline) throws InterruptedException {
            while (true) {
                long left = deadline - System.nanoTime();
                if (here.await(Math.min(left, ENVELOPE_KEEPS.toNanos()), TimeUnit.NANOSECONDS)) {
                    return true;
                }
                synchronized (Places.this) {
                    if (!taken && promised) {
                        promised = false;
                        if (free > 0) {
                            free--;
                            arrive();
                            return true;
                        }
                        line.addFirst(this);
                    }
                }
                if (left <= ENVELOPE_KEEPS.toNanos()) {
                    return here.getCount() == 0;
                }
            }
        }

        /** Leaves the line; false when the place was given to it a moment before. */
        private boolean goAway() {
            synchronized (Places.this) {
                if (taken) {
                    return false;
                }
                gone = true;
                promised = false;
                line.remove(this);
                return true;
            }
        }

        /**
         * The connection over which this mail's envelope was sent already; null: none. To be asked once, by who took the
         * place.
         */
        @Nullable
        SmtpConnection handed() {
            SmtpConnection connection = handed;
            handed = null;
            return connection;
        }

        /**
         * The mail whose envelope is to be sent behind this one's final dot; null: none. Its sender waits for what this
         * place's connection does next, for {@link Places#ENVELOPE_KEEPS} at most.
         */
        @Nullable
        OutgoingMail promiseToNext(Predicate<OutgoingMail> fits) {
            synchronized (Places.this) {
                Place first = line.peekFirst();
                if (next != null || first == null || !first.mayBeAhead || !fits.test(first.mail)) {
                    return null;
                }
                line.removeFirst();
                first.promised = true;
                next = first;
                return first.mail;
            }
        }

        /** The relay is done with this mail, which holds the place all the same until its record is there. */
        void through() {
            synchronized (Places.this) {
                through = true;
                held++;
                if (held == all) {
                    allHeldSince = System.nanoTime();
                }
            }
        }

        /**
         * For how long this one waited in line while every place was held by a mail that was through, in nanoseconds:
         * that is no slowness of the relay. To be asked by who took the place.
         */
        long heldUp() {
            return heldUp;
        }

        /**
         * Gives the place to the one it was promised to, else to the first in line.
         *
         * @param ready the connection over which the envelope of the promised one was sent; null: it can't be used
         * @return whether somebody has that connection now
         */
        boolean leave(@Nullable SmtpConnection ready) {
            Place to;
            boolean withConnection;
            synchronized (Places.this) {
                if (through) {
                    allHeldBefore = allHeld();
                    held--;
                }
                to = next;
                next = null;
                if (to != null && to.promised && !to.gone) {
                    to.promised = false;
                    to.handed = ready;
                    withConnection = ready != null;
                } else {
                    to = line.pollFirst();
                    withConnection = false;
                }
                if (to == null) {
                    free++;
                } else {
                    to.arrive();
                }
            }
            if (to != null) {
                to.here.countDown();
            }
            return withConnection;
        }

        private void arrive() {
            heldUp = allHeld() - heldBefore;
            taken = true;
        }
    }
}
