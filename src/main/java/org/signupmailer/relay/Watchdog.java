package org.signupmailer.relay;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

/**
 * Closes a socket when the time for one exchange of words is over, unless called off before: a socket's own time-out
 * ends neither a write nor a TLS record that comes byte by byte, and makes every read dearer.
 */
final class Watchdog implements AutoCloseable, Ticks.Tick {

    private final Socket socket;
    private volatile boolean set;
    private volatile long deadline;
    private volatile boolean barked;

    /** Watches nothing yet. */
    Watchdog(Socket socket) {
        this.socket = socket;
        Ticks.begin(this);
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
        Ticks.end(this);
    }

    @Override
    public void look(long now) {
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
}
