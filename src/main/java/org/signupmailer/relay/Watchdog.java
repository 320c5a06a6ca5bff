package org.signupmailer.relay;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Closes a socket when the time for one exchange of words is over, unless called off before: a socket's own time-out
 * ends neither a write nor a TLS record that comes byte by byte, and makes every read dearer. Setting and calling off is
 * two writes to memory, since both happen several times for every mail; one thread looks at all of them ten times a
 * second.
 */
final class Watchdog implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Set<Watchdog> ALL = ConcurrentHashMap.newKeySet();

    private final Socket socket;
    private volatile boolean set;
    private volatile long deadline;
    private volatile boolean barked;

    /** Watches nothing yet. */
    Watchdog(Socket socket) {
        Clock.start();
        this.socket = socket;
        ALL.add(this);
    }

    /** Watches from now on, until {@link #callOff()}. It may bark a tenth of a second late. */
    void set(Duration time) {
        deadline = System.nanoTime() + time.toNanos();
        set = true;
    }

    /** Until {@link #set} again, nothing happens. */
    void callOff() {
        set = false;
    }

    /** Whether the time was over once; the socket is closed then, for good. */
    boolean barked() {
        return barked;
    }

    @Override
    public void close() {
        set = false;
        ALL.remove(this);
    }

    private void look(long now) {
        if (set && now - deadline >= 0) {
            barked = true;
            set = false;
            try {
                socket.close();
            } catch (IOException | RuntimeException e) {
                // Whoever uses it finds out that it is broken; the others are to be watched on.
                barked = true;
            }
        }
    }

    /** Begins with the first connection, not before. */
    private static final class Clock {

        private static final ScheduledExecutorService THREAD = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "smtp-watchdog");
            thread.setDaemon(true);
            return thread;
        });

        private static final Future<?> LOOKING = THREAD.scheduleWithFixedDelay(
                Clock::lookAtAll, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);

        private Clock() {}

        static void start() {
            if (LOOKING.isDone()) {
                throw new IllegalStateException("The watchdog's clock stands still");
            }
        }

        private static void lookAtAll() {
            long now = System.nanoTime();
            ALL.forEach(watchdog -> watchdog.look(now));
        }
    }
}
