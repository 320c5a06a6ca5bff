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

/** The open conversations with one relay: reused, bounded in number, retired by age, idleness and mails sent. */
final class SmtpConnectionPool implements AutoCloseable {

    // Below this idleness a dead connection is found by the MAIL command, which is repeated on a fresh one at no risk.
    private static final Duration CHECKED_AFTER = Duration.ofSeconds(10);
    /** Why a connection was not even tried: the relay turned out to be down while waiting for one. */
    static final String NOT_NOW = "the relay is left alone";

    private static final Duration SWEEP = Duration.ofSeconds(5);

    private final Relay relay;
    private final TlsSockets tls;
    private final BooleanSupplier mayOpen;
    private final GenericObjectPool<SmtpConnection> pool;
    // The place in the relay's list of ports that worked last; tried first the next time.
    private volatile int workingPort;

    SmtpConnectionPool(Relay relay, TlsSockets tls, BooleanSupplier mayOpen) {
        this.mayOpen = mayOpen;
        this.relay = relay;
        this.tls = tls;
        GenericObjectPoolConfig<SmtpConnection> config = new GenericObjectPoolConfig<>();
        config.setMaxTotal(relay.limits().maxConnections());
        config.setMaxIdle(relay.limits().maxConnections());
        config.setMaxWait(relay.limits().readTimeout());
        config.setLifo(true);
        config.setTestOnBorrow(true);
        config.setTimeBetweenEvictionRuns(SWEEP);
        config.setMinEvictableIdleDuration(relay.limits().idle());
        config.setJmxEnabled(false);
        this.pool = new GenericObjectPool<>(new Factory(), config);
    }

    /**
     * A connection that is ready for a mail; give it back or drop it.
     *
     * @throws SmtpFailure when none is free in time, or a new one can't be opened
     */
    SmtpConnection borrow() throws SmtpFailure {
        try {
            return pool.borrowObject();
        } catch (SmtpFailure e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SmtpFailure(SmtpPhase.CONNECT, "interrupted while waiting for a connection", e);
        } catch (NoSuchElementException e) {
            throw new SmtpFailure(
                    SmtpPhase.CONNECT,
                    "all " + relay.limits().maxConnections() + " connections were busy for "
                            + relay.limits().readTimeout().toMillis() + " ms",
                    e);
        } catch (IllegalStateException e) {
            throw new SmtpFailure(SmtpPhase.CONNECT, "the connections are closed, signup-mailer is stopping", e);
        } catch (Exception e) {
            throw new SmtpFailure(SmtpPhase.CONNECT, "can't open a connection: " + e, e);
        }
    }

    void giveBack(SmtpConnection connection) {
        if (connection.usable()) {
            pool.returnObject(connection);
        } else {
            drop(connection);
        }
    }

    void drop(SmtpConnection connection) {
        try {
            pool.invalidateObject(connection);
        } catch (Exception e) {
            connection.close();
        }
    }

    /** Whether a new connection can be opened; nothing is sent over it. */
    boolean probe() {
        try {
            SmtpConnection connection = open();
            connection.close();
            return true;
        } catch (SmtpFailure e) {
            return false;
        }
    }

    int inUse() {
        return pool.getNumActive();
    }

    int idle() {
        return pool.getNumIdle();
    }

    private SmtpConnection open() throws SmtpFailure {
        List<PortChoice> ports = relay.ports();
        int first = workingPort;
        for (int i = 0; ; i++) {
            int choice = (first + i) % ports.size();
            try {
                SmtpConnection connection = SmtpConnection.open(relay, ports.get(choice), tls);
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

    private final class Factory extends BasePooledObjectFactory<SmtpConnection> {

        @Override
        public SmtpConnection create() throws SmtpFailure {
            if (!mayOpen.getAsBoolean()) {
                // While it waited for its turn others found that the relay is down; it need not find out too.
                throw new SmtpFailure(SmtpPhase.CONNECT, NOT_NOW, null);
            }
            return open();
        }

        @Override
        public PooledObject<SmtpConnection> wrap(SmtpConnection connection) {
            return new DefaultPooledObject<>(connection);
        }

        @Override
        public boolean validateObject(PooledObject<SmtpConnection> pooled) {
            SmtpConnection connection = pooled.getObject();
            return connection.usable()
                    && connection.mails() < relay.limits().mailsPerConnection()
                    && connection.age().compareTo(relay.limits().maxAge()) < 0
                    && connection.idle().compareTo(relay.limits().idle()) < 0
                    && (connection.idle().compareTo(CHECKED_AFTER) < 0 || connection.answers());
        }

        @Override
        public void destroyObject(PooledObject<SmtpConnection> pooled) {
            pooled.getObject().close();
        }
    }
}
