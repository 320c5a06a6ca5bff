package org.signupmailer.relay;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.BooleanSupplier;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.jspecify.annotations.Nullable;

/** The open conversations with one relay: reused, bounded in number, retired by age, idleness and mails sent. */
final class SmtpConnectionPool implements AutoCloseable {

    // Below this idleness a dead connection is found by the MAIL command, which is repeated on a fresh one at no risk.
    private static final Duration CHECKED_AFTER = Duration.ofSeconds(10);
    private static final Duration SWEEP = Duration.ofSeconds(5);

    private final Relay relay;
    private final TlsSockets tls;
    private final BooleanSupplier mayOpen;
    private final GenericObjectPool<SmtpConnection> pool;
    // The place in the relay's list of ports that worked last; tried first the next time.
    private volatile int workingPort;
    // The pool's own bound leaves who waits for a connection waiting on when another's attempt to open one failed.
    private final Places places;
    private final EnvelopesAhead ahead;
    private volatile @Nullable Unreachable unreachable;

    SmtpConnectionPool(Relay relay, TlsSockets tls, BooleanSupplier mayOpen) {
        this.mayOpen = mayOpen;
        this.relay = relay;
        this.tls = tls;
        this.places = new Places(relay.limits().maxConnections());
        this.ahead = new EnvelopesAhead(relay.name());
        GenericObjectPoolConfig<SmtpConnection> config = new GenericObjectPoolConfig<>();
        config.setMaxTotal(-1);
        config.setMaxIdle(relay.limits().maxConnections());
        config.setBlockWhenExhausted(false);
        config.setLifo(true);
        config.setTestOnBorrow(true);
        config.setTimeBetweenEvictionRuns(SWEEP);
        // All of them, not the usual three per sweep.
        config.setNumTestsPerEvictionRun(-1);
        config.setMinEvictableIdleDuration(relay.limits().idle());
        config.setJmxEnabled(false);
        this.pool = new GenericObjectPool<>(new Factory(), config);
    }

    /**
     * A connection that is ready for this mail; give it back or drop it. The mail's envelope may have been sent over it
     * already.
     *
     * @throws SmtpFailure when none is free in time, or a new one can't be opened
     */
    SmtpConnection borrow(OutgoingMail mail) throws SmtpFailure {
        return borrow(mail, ahead.goWell());
    }

    /** The same, but its envelope is not sent before the connection is lent. */
    SmtpConnection borrowPlainly(OutgoingMail mail) throws SmtpFailure {
        return borrow(mail, false);
    }

    private SmtpConnection borrow(OutgoingMail mail, boolean mayBeAhead) throws SmtpFailure {
        long asked = System.nanoTime();
        Places.Place place = awaitPlace(mail, mayBeAhead);
        boolean lent = false;
        try {
            SmtpConnection connection = place.handed();
            if (connection != null && !(connection.expects(mail) && connection.isInTime())) {
                ahead.failed();
                destroy(connection);
                connection = null;
            }
            if (connection == null) {
                shareFailureSince(asked);
                connection = pool.borrowObject();
            }
            connection.takes(place, ahead.goWell());
            lent = true;
            return connection;
        } catch (SmtpFailure e) {
            throw e;
        } catch (NoSuchElementException e) {
            throw new SmtpFailure(SmtpPhase.EHLO, "the relay ended the conversation right after the login", e);
        } catch (IllegalStateException e) {
            throw SmtpFailure.notTried("the connections are closed, signup-mailer is stopping", e);
        } catch (Exception e) {
            throw new SmtpFailure(SmtpPhase.CONNECT, "can't open a connection: " + e, e);
        } finally {
            if (!lent) {
                place.leave(null);
            }
        }
    }

    private Places.Place awaitPlace(OutgoingMail mail, boolean mayBeAhead) throws SmtpFailure {
        Duration atMost = relay.limits().readTimeout();
        try {
            Places.Place place = places.take(mail, mayBeAhead, atMost);
            if (place == null) {
                throw SmtpFailure.notTried(
                        "all " + relay.limits().maxConnections() + " connections were busy for " + atMost.toMillis()
                                + " ms",
                        null);
            }
            return place;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw SmtpFailure.notTried("interrupted while waiting for a connection", e);
        }
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
        if (known != null && known.found - asked > 0 && pool.getNumIdle() == 0 && pool.getNumActive() == 0) {
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
        if (!connection.usable()) {
            drop(connection);
            return () -> {};
        }
        Places.Place place = connection.place();
        place.through();
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
        pool.returnObject(connection);
        return () -> place.leave(null);
    }

    void drop(SmtpConnection connection) {
        Places.Place place = connection.place();
        try {
            destroy(connection);
        } finally {
            place.leave(null);
        }
        if (connection.fellSilent()) {
            // The others may be as dead, and each would cost a mail the same time-out.
            pool.clear();
        }
    }

    private void destroy(SmtpConnection connection) {
        try {
            pool.invalidateObject(connection);
        } catch (Exception e) {
            connection.close();
        }
    }

    /** Opens a connection to see whether that works, and closes it; nothing is sent over it. */
    void probe() throws SmtpFailure {
        openAtAnyPort().close();
        unreachable = null;
    }

    int inUse() {
        return pool.getNumActive();
    }

    int idle() {
        return pool.getNumIdle();
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
        pool.close();
    }

    /** An attempt to open a connection that got no reply. */
    private record Unreachable(SmtpFailure failure, long found) {}

    private final class Factory extends BasePooledObjectFactory<SmtpConnection> {

        @Override
        public SmtpConnection create() throws SmtpFailure {
            if (!mayOpen.getAsBoolean()) {
                // While it waited for its turn others found that the relay is down; it need not find out too.
                throw SmtpFailure.notTried("the relay is left alone for now", null);
            }
            try {
                SmtpConnection connection = openAtAnyPort();
                unreachable = null;
                return connection;
            } catch (SmtpFailure e) {
                if (e.reply() == null) {
                    unreachable = new Unreachable(e, System.nanoTime());
                }
                throw e;
            }
        }

        @Override
        public PooledObject<SmtpConnection> wrap(SmtpConnection connection) {
            return new DefaultPooledObject<>(connection);
        }

        @Override
        public boolean validateObject(PooledObject<SmtpConnection> pooled) {
            SmtpConnection connection = pooled.getObject();
            return connection.usable()
                    && connection.isQuiet()
                    && connection.isYoung()
                    && connection.idle().compareTo(relay.limits().idle()) < 0
                    && (connection.idle().compareTo(CHECKED_AFTER) < 0 || connection.answers());
        }

        @Override
        public void destroyObject(PooledObject<SmtpConnection> pooled) {
            pooled.getObject().close();
        }
    }
}
