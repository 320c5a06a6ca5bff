package org.signupmailer.relay;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The places for mails at one relay, as many as it may have connections. Who finds none free stands in line and is served
 * in the order of coming. The next in line may be promised to a connection that is still busy with another mail, so that
 * its envelope travels behind that mail (RFC 2920, 3.1).
 */
final class Places implements Ticks.Tick {

    /** How long an envelope that was sent ahead is good for: a relay that waits longer for its mail may have hung up. */
    static final Duration ENVELOPE_KEEPS = Duration.ofSeconds(2);

    // All that follows is guarded by this object's lock, and each hold of it is short: nobody is served inside it.
    private final Deque<Place> line = new ArrayDeque<>();
    private final Deque<Place> promises = new ArrayDeque<>();
    private final int all;
    private int free;
    private int held;
    private long allHeldSince;
    private long allHeldBefore;
    private boolean ticking;
    private boolean closed;

    Places(int places) {
        this.all = places;
        this.free = places;
    }

    /** Who wants a place. It is told by whatever thread makes it so, which must not be held up. */
    interface Guest {

        /** The place is there; {@link Place#leave} must follow. */
        void served(Place place);

        /**
         * There is none.
         *
         * @param closed because there are no places any more; otherwise none became free in time
         */
        void sentAway(boolean closed);
    }

    // For how long every place was held by a mail that was through, in nanoseconds.
    private long allHeld() {
        return held == all ? allHeldBefore + System.nanoTime() - allHeldSince : allHeldBefore;
    }

    /**
     * Takes a place at once, or stands in line for one.
     *
     * @param mayBeAhead whether the mail's envelope may be sent before the place is free
     */
    void take(OutgoingMail mail, boolean mayBeAhead, Duration atMost, Guest guest) {
        Place place = new Place(mail, mayBeAhead, guest);
        boolean away;
        boolean atOnce;
        synchronized (this) {
            away = closed;
            // To be known from here: once it stands in line, anybody may serve it.
            atOnce = !away && free > 0;
            place.atOnce = atOnce;
            if (atOnce) {
                free--;
            } else if (!away) {
                place.heldBefore = allHeld();
                place.deadline = System.nanoTime() + atMost.toNanos();
                line.addLast(place);
                tick();
            }
        }
        if (away) {
            guest.sentAway(true);
        } else if (atOnce) {
            guest.served(place);
        }
    }

    private void tick() {
        if (!ticking) {
            ticking = true;
            Ticks.begin(this);
        }
    }

    // A connection that takes long with the mail before may be overtaken by all others: then it is not waited for.
    @Override
    public void look(long now) {
        List<Place> served = new ArrayList<>();
        List<Place> late = new ArrayList<>();
        synchronized (this) {
            while (!promises.isEmpty() && promises.peekFirst().isBroken(now)) {
                Place place = promises.removeFirst();
                if (place.promised) {
                    place.promised = false;
                    line.addFirst(place);
                }
            }
            while (free > 0 && !line.isEmpty()) {
                free--;
                served.add(line.removeFirst().arrive());
            }
            for (Iterator<Place> inLine = line.iterator(); inLine.hasNext(); ) {
                Place place = inLine.next();
                if (now - place.deadline >= 0) {
                    inLine.remove();
                    place.gone = true;
                    late.add(place);
                }
            }
            if (line.isEmpty() && promises.isEmpty()) {
                ticking = false;
                Ticks.end(this);
            }
        }
        served.forEach(place -> place.guest.served(place));
        late.forEach(place -> place.guest.sentAway(false));
    }

    /** Sends away who stands in line, and who comes from now on. */
    void close() {
        List<Place> away;
        synchronized (this) {
            closed = true;
            away = new ArrayList<>(line);
            line.clear();
            for (Place place : promises) {
                if (place.promised) {
                    place.promised = false;
                    away.add(place);
                }
            }
            promises.clear();
            away.forEach(place -> place.gone = true);
        }
        away.forEach(place -> place.guest.sentAway(true));
    }

    /** One mail's place, taken or waited for. */
    final class Place {

        private final OutgoingMail mail;
        private final boolean mayBeAhead;
        private final Guest guest;
        private long deadline;
        private long promisedSince;
        private long heldBefore;
        private boolean through;
        private boolean promised;
        private boolean gone;
        private @Nullable Place next;
        // Settled once the place is there; from then on they are its guest's alone.
        private boolean atOnce;
        private long heldUp;
        private @Nullable SmtpConnection handed;

        private Place(OutgoingMail mail, boolean mayBeAhead, Guest guest) {
            this.mail = mail;
            this.mayBeAhead = mayBeAhead;
            this.guest = guest;
        }

        /** Whether it was free when it was asked for, so that who asked for it is told by its own thread. */
        boolean isAtOnce() {
            return atOnce;
        }

        private boolean isBroken(long now) {
            return !promised || now - promisedSince >= ENVELOPE_KEEPS.toNanos();
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
         * The mail whose envelope is to be sent behind this one's final dot; null: none. It waits for what this place's
         * connection does next, for {@link Places#ENVELOPE_KEEPS} at most.
         */
        @Nullable
        OutgoingMail promiseToNext(Predicate<OutgoingMail> fits) {
            synchronized (Places.this) {
                Place first = line.peekFirst();
                if (next != null || first == null || !first.mayBeAhead || !fits.test(first.mail)) {
                    return null;
                }
                line.removeFirst();
                // Those whose promise was kept are in the way of nobody but a look, ten times a second.
                while (!promises.isEmpty() && !promises.peekFirst().promised) {
                    promises.removeFirst();
                }
                first.promised = true;
                first.promisedSince = System.nanoTime();
                promises.addLast(first);
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
                to.guest.served(to);
            }
            return withConnection;
        }

        private Place arrive() {
            heldUp = allHeld() - heldBefore;
            return this;
        }
    }
}
