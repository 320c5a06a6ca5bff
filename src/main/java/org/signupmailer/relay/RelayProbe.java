package org.signupmailer.relay;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Finds out whether a relay that is left alone works again, so that no mail has to: connects, secures and logs in, less
 * and less often while it fails.
 */
final class RelayProbe {

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(15);

    private final ScheduledExecutorService scheduler;
    private final SmtpConnectionPool pool;
    private final Function<SmtpFailure, Verdict> classify;
    private Duration wait = FIRST;
    private boolean scheduled;

    RelayProbe(ScheduledExecutorService scheduler, SmtpConnectionPool pool, Function<SmtpFailure, Verdict> classify) {
        this.classify = classify;
        this.scheduler = scheduler;
        this.pool = pool;
    }

    /** Probes until it comes through, then tells the gate. */
    synchronized void begin(RelayGate gate) {
        if (scheduled) {
            return;
        }
        scheduled = true;
        Duration now = wait;
        wait = now.multipliedBy(2).compareTo(LONGEST) > 0 ? LONGEST : now.multipliedBy(2);
        try {
            Future<?> unused = scheduler.schedule(() -> probe(gate), now.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The process is stopping; nobody waits for the relay any more.
            scheduled = false;
        }
    }

    /** If the relay has proved itself, its next outage is probed at short intervals again. */
    synchronized void settle(RelayGate gate) {
        if (gate.well()) {
            wait = FIRST;
        }
    }

    private boolean tryOnce(RelayGate gate) {
        try {
            pool.probe();
            return true;
        } catch (SmtpFailure e) {
            // A password that became wrong meanwhile is not to be tried every few seconds.
            gate.learned(classify.apply(e));
            return false;
        } catch (RuntimeException e) {
            // Whatever it is, the next probe must follow, or the relay would be left alone for ever.
            return false;
        }
    }

    private void probe(RelayGate gate) {
        boolean through = false;
        if (gate.open() && !gate.resting()) {
            through = tryOnce(gate);
        }
        synchronized (this) {
            scheduled = false;
            if (!gate.open()) {
                // A rest has ended, and mails try now; if they fail, the gate asks for a probe again.
                return;
            }
        }
        if (through) {
            gate.probed();
        } else {
            begin(gate);
        }
    }
}
