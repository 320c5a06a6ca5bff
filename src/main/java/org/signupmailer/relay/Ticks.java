package org.signupmailer.relay;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets whoever waits look at the time ten times a second, all by one thread: setting a time and calling it off happens
 * several times for every mail, and is a write to memory this way.
 */
final class Ticks {

    private static final Logger LOG = LoggerFactory.getLogger(Ticks.class);
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Set<Tick> ALL = ConcurrentHashMap.newKeySet();

    private Ticks() {}

    /** Somebody who looks at the time. It must not wait for anything. */
    interface Tick {

        /**
         * Looks.
         *
         * @param now in {@link System#nanoTime()}'s terms
         */
        void look(long now);
    }

    static void begin(Tick tick) {
        Clock.start();
        ALL.add(tick);
    }

    static void end(Tick tick) {
        ALL.remove(tick);
    }

    /** Begins with the first who looks at it, not before. */
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
                throw new IllegalStateException("The relays' clock stands still");
            }
        }

        private static void lookAtAll() {
            long now = System.nanoTime();
            for (Tick tick : ALL) {
                try {
                    tick.look(now);
                } catch (RuntimeException | Error e) {
                    LOG.error("A look at the time failed; the others go on", e);
                }
            }
        }
    }
}
