package org.signupmailer.relay;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The open conversations with one relay: reused, bounded in number, retired by age, idleness and mails sent. Nobody who
 * asks for one waits: it is lent when it is there, and what keeps a thread waiting, such as opening one, is done by threads
 * of the pool's own.
 */
final class SmtpConnectionPool implements AutoCloseable, Ticks.Tick {

    // Below this idleness a dead connection is found by the MAIL command, which is repeated on a fresh one at no risk.
    private static final Duration CHECKED_AFTER = Duration.ofSeconds(10);

    private final Relay relay;
    private final TlsSockets tls;
    private final SmtpLoop loop;
    private final BooleanSupplier mayOpen;
    // The last one that came back is lent first, so that those that are not needed get old. Guarded by its own lock.
    private final Deque<SmtpConnection> idle = new ArrayDeque<>();
    private final AtomicInteger lent = new AtomicInteger();
    // The place in the relay's list of ports that worked last; tried first the next time.
    private volatile int workingPort;
    private final Places places;
    private final EnvelopesAhead ahead;
    private final ExecutorService waiting;
    private volatile @Nullable Unreachable unreachable;
    private volatile boolean closed;

    SmtpConnectionPool(Relay relay, TlsSockets tls, SmtpLoop loop, BooleanSupplier mayOpen) {
        this.mayOpen = mayOpen;
        this.relay = relay;
        this.tls = tls;
        this.loop = loop;
        this.places = new Places(relay.limits().maxConnections());
        this.ahead = new EnvelopesAhead(relay.name());
        // Not more of them than there are places.
        this.waiting = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "smtp-" + relay.name());
            thread.setDaemon(true);
            return thread;
        });
        Ticks.begin(this);
    }

    /** Who wants a connection. */
    interface Borrower {

        /**
         * It is ready for the mail; give it back or drop it. The mail's envelope may have been sent over it already. The
         * thread must not be held up.
         */
        void lent(SmtpConnection connection);

        /**
         * None was free in time, or a new one can't be opened. The thread must not be held up.
         *
         * @param letNext lets the next one in line try; to be called once what the failure means is known to all
         */
        void failed(SmtpFailure failure, Runnable letNext);
    }

    /** Lends a connection for this mail as soon as there is one. */
    void lend(OutgoingMail mail, Borrower borrower) {
        lend(mail, ahead.goWell(), borrower);
    }

    /** The same, but its envelope is not sent before the connection is lent. */
    void lendPlainly(OutgoingMail mail, Borrower borrower) {
        lend(mail, false, borrower);
    }

    private void lend(OutgoingMail mail, boolean mayBeAhead, Borrower borrower) {
        places.take(mail, mayBeAhead, relay.limits().readTimeout(), new Loan(mail, borrower));
    }

    /** A connection that is wanted for a mail. */
    private final class Loan implements Places.Guest {

        private final OutgoingMail mail;
        private final Borrower borrower;
        private final long asked = System.nanoTime();

        private Loan(OutgoingMail mail, Borrower borrower) {
            this.mail = mail;
            this.borrower = borrower;
        }

        @Override
        public void sentAway(boolean poolClosed) {
            borrower.failed(
                    poolClosed
                            ? stopping()
                            : SmtpFailure.notTried(
                                    "all " + relay.limits().maxConnections() + " connections were busy for "
                                            + relay.limits().readTimeout().toMillis() + " ms",
                                    null),
                    () -> {});
        }

        @Override
        public void served(Places.Place place) {
            SmtpConnection handed = place.handed();
            if (handed != null && !(handed.expects(mail) && handed.isInTime())) {
                ahead.failed();
                destroy(handed);
                handed = null;
            }
            SmtpConnection connection = handed == null ? atHand() : handed;
            if (connection != null) {
                lendNow(connection, place);
                return;
            }
            try {
                waiting.execute(() -> lendLater(place));
            } catch (RejectedExecutionException e) {
                borrower.failed(stopping(), () -> place.leave(null));
            } catch (RuntimeException | Error e) {
                // No memory for a thread.
                fail(e, place);
            }
        }

        private void fail(Throwable why, Places.Place place) {
            SmtpFailure failure = new SmtpFailure(SmtpPhase.CONNECT, "can't open a connection: " + why, why);
            borrower.failed(failure, () -> place.leave(null));
        }

        private void lendNow(SmtpConnection connection, Places.Place place) {
            connection.takes(place, ahead.goWell());
            borrower.lent(connection);
        }

        // By a thread that may wait.
        private void lendLater(Places.Place place) {
            SmtpConnection connection;
            try {
                shareFailureSince(asked);
                connection = checkedOrNew();
            } catch (SmtpFailure e) {
                borrower.failed(e, () -> place.leave(null));
                return;
            } catch (RuntimeException | Error e) {
                fail(e, place);
                return;
            }
            lendNow(connection, place);
        }
    }

    private static SmtpFailure stopping() {
        return SmtpFailure.notTried("the connections are closed, signup-mailer is stopping", null);
    }

    // An idle connection that nobody needs to be asked about; null: none.
    private @Nullable SmtpConnection atHand() {
        while (true) {
            SmtpConnection last;
            synchronized (idle) {
                last = idle.peekLast();
                if (last == null || (isGood(last) && last.idle().compareTo(CHECKED_AFTER) >= 0)) {
                    return null;
                }
                idle.removeLast();
            }
            if (isGood(last)) {
                lent.incrementAndGet();
                return last;
            }
            last.close();
        }
    }

    private SmtpConnection checkedOrNew() throws SmtpFailure {
        while (true) {
            SmtpConnection last;
            synchronized (idle) {
                last = idle.pollLast();
            }
            if (last == null) {
                break;
            }
            if (isGood(last) && (last.idle().compareTo(CHECKED_AFTER) < 0 || last.answers())) {
                lent.incrementAndGet();
                return last;
            }
            last.close();
        }
        SmtpConnection connection = open();
        lent.incrementAndGet();
        return connection;
    }

    private SmtpConnection open() throws SmtpFailure {
        if (closed) {
            throw stopping();
        }
        if (!mayOpen.getAsBoolean()) {
            // While it waited for its turn others found that the relay is down; it need not find out too.
            throw SmtpFailure.notTried("the relay is left alone for now", null);
        }
        try {
            SmtpConnection connection = openAtAnyPort();
            unreachable = null;
            if (!connection.isQuiet()) {
                connection.close();
                throw new SmtpFailure(SmtpPhase.EHLO, "the relay ended the conversation right after the login", null);
            }
            join(connection);
            return connection;
        } catch (SmtpFailure e) {
            if (e.reply() == null) {
                unreachable = new Unreachable(e, System.nanoTime());
            }
            throw e;
        }
    }

    private void join(SmtpConnection connection) throws SmtpFailure {
        try {
            connection.joins(loop);
        } catch (SmtpFailure | RuntimeException | Error e) {
            connection.close();
            throw e;
        }
    }

    private boolean isGood(SmtpConnection connection) {
        return connection.usable()
                && connection.isQuiet()
                && connection.isYoung()
                && connection.idle().compareTo(relay.limits().idle()) < 0;
    }

    /** How well the relay takes envelopes that are sent ahead. */
    EnvelopesAhead ahead() {
        return ahead;
    }

    // Who waited while the relay turned out to be out of reach need not find that out once more, a time-out later.
    // While
    // others are talking to it, it is within reach, and that one could not be reached was an accident.
    private void shareFailureSince(long asked) throws SmtpFailure {
        Unreachable known = unreachable;
        if (known != null && known.found - asked > 0 && idle() == 0 && inUse() == 0) {
            throw new SmtpFailure(known.failure.phase(), String.valueOf(known.failure.getMessage()), known.failure);
        }
    }

    void giveBack(SmtpConnection connection) {
        giveBackButHold(connection).run();
    }

    /**
     * Gives it back for the next mail, but lets no other mail in its place before {@link Runnable#run} of what is
     * returned.
     */
    Runnable giveBackButHold(SmtpConnection connection) {
        Places.Place place = connection.place();
        place.through();
        if (!connection.usable()) {
            destroy(connection);
            leaveIdleIfSilent(connection);
            return () -> place.leave(null);
        }
        if (connection.expectsAnother()) {
            long since = System.nanoTime();
            return () -> {
                if (!place.leave(connection)) {
                    // Held for longer than an envelope keeps, its mail went elsewhere: no fault of the relay.
                    if (System.nanoTime() - since < Places.ENVELOPE_KEEPS.toNanos()) {
                        ahead.failed();
                    }
                    destroy(connection);
                }
            };
        }
        lent.decrementAndGet();
        boolean kept;
        synchronized (idle) {
            kept = !closed;
            if (kept) {
                idle.addLast(connection);
            }
        }
        if (!kept) {
            connection.close();
        }
        return () -> place.leave(null);
    }

    void drop(SmtpConnection connection) {
        Places.Place place = connection.place();
        try {
            destroy(connection);
        } finally {
            place.leave(null);
        }
        leaveIdleIfSilent(connection);
    }

    private void leaveIdleIfSilent(SmtpConnection connection) {
        if (connection.fellSilent()) {
            // The others may be as dead, and each would cost a mail the same time-out.
            closeIdle();
        }
    }

    /** Does it soon, by a thread that must not be held up. */
    void soon(Runnable task) {
        loop.execute(task);
    }

    private void destroy(SmtpConnection connection) {
        lent.decrementAndGet();
        connection.close();
    }

    private void closeIdle() {
        List<SmtpConnection> all;
        synchronized (idle) {
            all = new ArrayList<>(idle);
            idle.clear();
        }
        all.forEach(SmtpConnection::close);
    }

    // Idle ones are left before the relay hangs up on them.
    @Override
    public void look(long now) {
        List<SmtpConnection> old = new ArrayList<>();
        synchronized (idle) {
            for (Iterator<SmtpConnection> all = idle.iterator(); all.hasNext(); ) {
                SmtpConnection connection = all.next();
                if (!isGood(connection)) {
                    all.remove();
                    old.add(connection);
                }
            }
        }
        old.forEach(SmtpConnection::close);
    }

    /** Opens a connection to see whether that works, and closes it; nothing is sent over it. */
    void probe() throws SmtpFailure {
        openAtAnyPort().close();
        unreachable = null;
    }

    int inUse() {
        return lent.get();
    }

    int idle() {
        synchronized (idle) {
            return idle.size();
        }
    }

    // All ports together get the connect time-out, so that a relay that is dark costs it once.
    private SmtpConnection openAtAnyPort() throws SmtpFailure {
        List<PortChoice> ports = relay.ports();
        Duration share = relay.limits().connectTimeout().dividedBy(ports.size());
        long deadline = System.nanoTime() + relay.limits().connectTimeout().toNanos();
        int first = workingPort;
        for (int i = 0; ; i++) {
            int choice = (first + i) % ports.size();
            Duration left = Duration.ofNanos(deadline - System.nanoTime()).dividedBy(ports.size() - i);
            Duration time = left.compareTo(share) > 0 ? left : share;
            try {
                SmtpConnection connection = SmtpConnection.open(relay, ports.get(choice), time, tls);
                workingPort = choice;
                return connection;
            } catch (SmtpFailure e) {
                // Another port helps against a blocked port, not against a refusal on an open one.
                if (e.phase() != SmtpPhase.CONNECT || i == ports.size() - 1) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        Ticks.end(this);
        places.close();
        closeIdle();
        waiting.shutdown();
    }

    /** An attempt to open a connection that got no reply. */
    private record Unreachable(SmtpFailure failure, long found) {}
}
