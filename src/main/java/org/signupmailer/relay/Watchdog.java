package org.signupmailer.relay;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Closes a socket when a time is over, unless called off before: a socket's own time-out ends neither a write nor a TLS
 * record that comes byte by byte.
 */
final class Watchdog implements AutoCloseable {

    private static final ScheduledThreadPoolExecutor CLOCK = clock();

    private final Future<?> alarm;
    private volatile boolean barked;

    private Watchdog(Socket socket, Duration time) {
        this.alarm = CLOCK.schedule(() -> bark(socket), time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Watches from now on, until {@link #close()}. */
    static Watchdog over(Socket socket, Duration time) {
        return new Watchdog(socket, time);
    }

    private static ScheduledThreadPoolExecutor clock() {
        ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "smtp-watchdog");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
        return clock;
    }

    private void bark(Socket socket) {
        barked = true;
        try {
            socket.close();
        } catch (IOException e) {
            // It ends on its own then.
            barked = true;
        }
    }

    /** Whether the time was over first. */
    boolean barked() {
        return barked;
    }

    @Override
    public void close() {
        alarm.cancel(false);
    }
}
