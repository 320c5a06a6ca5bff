package org.signupmailer.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads all conversations over open connections by one thread, which goes where something has come. A thread for each mail
 * would be put to sleep and woken for each reply, and for each place that becomes free.
 */
final class SmtpLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SmtpLoop.class);
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long BETWEEN_ERRORS_MILLIS = 100;

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean awake = new AtomicBoolean();
    private volatile boolean asleep;
    private volatile boolean closed;
    private volatile boolean ended;
    private volatile @Nullable Thread leader;
    // Guarded by this object's lock.
    private @Nullable Selector opened;

    /** Something that the loop leads. All its methods are called by the loop's thread. */
    interface Led {

        /** Registered; this key says from now on what it waits for. */
        void added(SelectionKey key);

        /** What it waits for has come. */
        void ready();

        /** Ten times a second. */
        void look(long now);

        /** It threw this, which nobody foresaw. */
        void failed(Throwable why);

        /** The loop ends. */
        void ended();
    }

    /** Leads this from now on, over a channel that is open. */
    <T extends Led> T add(SocketChannel channel, T led) throws IOException {
        Selector selector = begin();
        channel.configureBlocking(false);
        execute(() -> {
            try {
                led.added(channel.register(selector, SelectionKey.OP_READ, led));
            } catch (IOException | RuntimeException e) {
                // Closed meanwhile; its first turn finds out.
                LOG.debug("A connection could not be added", e);
            }
        });
        return led;
    }

    /** Does it soon, by the loop's thread, in the order of coming. It must not wait for anything. */
    void execute(Runnable task) {
        tasks.add(task);
        if (ended) {
            // What was open is closed; it finds that out by itself.
            runTasks();
        } else if (awake.compareAndSet(false, true)) {
            wakeUp();
        }
    }

    /** Whether this thread is the loop's. */
    boolean isLedHere() {
        return Thread.currentThread() == leader;
    }

    /** Whether its thread would have to be woken for something just now; a moment later that may be otherwise. */
    boolean isAsleep() {
        return asleep;
    }

    /** From now on, waits for this. */
    void listen(SelectionKey key, int operations) {
        key.interestOps(operations);
        if (!isLedHere()) {
            // It may be waiting for something else just now.
            wakeUp();
        }
    }

    private synchronized void wakeUp() {
        if (opened != null) {
            opened.wakeup();
        }
    }

    private synchronized Selector begin() throws IOException {
        if (closed) {
            throw new IOException("signup-mailer is stopping");
        }
        if (opened == null) {
            Selector selector = Selector.open();
            Thread leading = new Thread(() -> lead(selector), "smtp-io");
            leading.setDaemon(true);
            try {
                leading.start();
            } catch (Error e) {
                // No memory for a thread: the next connection tries again.
                selector.close();
                throw e;
            }
            leader = leading;
            opened = selector;
        }
        return opened;
    }

    private void lead(Selector selector) {
        long looked = System.nanoTime();
        while (!closed) {
            try {
                asleep = true;
                selector.select(this::ready, TimeUnit.NANOSECONDS.toMillis(LOOK));
                asleep = false;
                runTasks();
                long now = System.nanoTime();
                if (now - looked >= LOOK) {
                    looked = now;
                    selector.keys().forEach(key -> led(key).look(now));
                }
            } catch (IOException | RuntimeException | Error e) {
                LOG.error("Leading the conversations with relays failed unexpectedly and goes on", e);
                pause();
            }
        }
        end(selector);
    }

    // Awake before the tasks are run: who adds one while they are run has it run by the next turn of the loop.
    private void runTasks() {
        awake.set(false);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                LOG.error("A step of a conversation failed unexpectedly", e);
            }
        }
    }

    private void ready(SelectionKey key) {
        asleep = false;
        try {
            led(key).ready();
        } catch (RuntimeException | Error e) {
            LOG.error("A conversation failed unexpectedly", e);
            led(key).failed(e);
        }
    }

    private static Led led(SelectionKey key) {
        return (Led) key.attachment();
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(BETWEEN_ERRORS_MILLIS);
        } catch (InterruptedException e) {
            // Nobody means it: it ends by close().
            LOG.debug("The loop was interrupted and goes on", e);
        }
    }

    private void end(Selector selector) {
        runTasks();
        try {
            selector.keys().forEach(SmtpLoop::end);
            selector.close();
        } catch (IOException | ClosedSelectorException | UncheckedIOException e) {
            LOG.debug("The loop did not end well", e);
        }
        ended = true;
        runTasks();
    }

    private static void end(SelectionKey key) {
        try {
            led(key).ended();
        } catch (RuntimeException | Error e) {
            LOG.error("A conversation did not end well", e);
        }
    }

    /** Does what it was given, and ends; conversations under way are broken off. */
    @Override
    public void close() {
        Thread ending;
        synchronized (this) {
            closed = true;
            ending = leader;
            wakeUp();
        }
        if (ending == null) {
            ended = true;
            runTasks();
        } else if (ending != Thread.currentThread()) {
            try {
                ending.join(TimeUnit.SECONDS.toMillis(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
