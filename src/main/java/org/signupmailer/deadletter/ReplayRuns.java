package org.signupmailer.deadletter;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.ledger.Ledger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The replays of this process, one at a time, each by the route {@code replay-dead-letters}. */
public final class ReplayRuns {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer.replay");

    private final KafkaSettings kafka;
    private final Ledger ledger;
    private final Clock clock;
    private final ReentrantLock oneAtATime = new ReentrantLock();
    private final AtomicReference<@Nullable ReplayOrder> next = new AtomicReference<>();
    private volatile @Nullable Run running;
    private volatile String last = "No replay has run in this process.";

    ReplayRuns(KafkaSettings kafka, Ledger ledger, Clock clock) {
        this.kafka = kafka;
        this.ledger = ledger;
        this.clock = clock;
    }

    /** One replay that puts back. */
    private record Run(EventsTopic topic, long total, long start) {
        String words() {
            return ReplayProgress.words(topic.confirmed(), total, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    /** What the route is to do at its next start, in place of what its parameters say. */
    void order(ReplayOrder order) {
        next.set(order);
    }

    /** The order given last, once. */
    ReplayOrder take(ReplayOrder otherwise) {
        ReplayOrder given = next.getAndSet(null);
        return given == null ? otherwise : given;
    }

    /** How far the replay is, or how the last one ended. */
    String progress() {
        Run run = running;
        return run == null ? last : "Running: " + run.words() + ".";
    }

    boolean isRunning() {
        return oneAtATime.isLocked();
    }

    /** @throws IOException with a sentence for the operator */
    ReplayPlan plan(ReplayOrder order) throws IOException {
        return Replay.with(kafka, ledger, clock).plan(order, () -> false);
    }

    String topic() {
        return kafka.topic();
    }

    /**
     * Hands over what is to be put back, until it is stopped; returns when all of it is safely on the topic.
     *
     * @param hand sends it through the route, in which {@link #putBack} follows
     */
    void run(ReplayOrder order, Replay.Taker hand, BooleanSupplier stop) {
        oneAtATime.lock();
        try {
            last = "Running: finding out what is to be put back.";
            Replay replay = Replay.with(kafka, ledger, clock);
            ReplayPlan plan = replay.plan(order, stop);
            String words = plan.words(kafka.topic()).replaceAll("\\s*\\n\\s*", " ");
            LOG.info("Replay: {}", words);
            last = "Ended: " + words;
            if (plan.complete() && !plan.chosen().isEmpty()) {
                carryOut(replay, plan, hand, stop);
            }
        } catch (IOException e) {
            last = "Failed: " + e.getMessage();
            LOG.error("Replay: {}", e.getMessage());
        } finally {
            oneAtATime.unlock();
        }
    }

    private void carryOut(Replay replay, ReplayPlan plan, Replay.Taker hand, BooleanSupplier stop) throws IOException {
        try (EventsTopic topic = new EventsTopic(kafka)) {
            Run run = new Run(topic, plan.chosen().size(), System.nanoTime());
            running = run;
            try {
                replay.carryOut(plan, stop, hand);
                topic.flush();
            } finally {
                running = null;
                last = (topic.confirmed() < run.total ? "Stopped: " : "Done: ") + run.words() + ".";
                LOG.info("Replay: {}", last);
            }
        }
    }

    /** @throws IOException with a sentence for the operator */
    void putBack(DeadLetterReader.Place place, DeadLetter letter) throws IOException {
        Run run = running;
        if (run == null) {
            throw new IOException("No replay runs here; the step put-back belongs behind from: dead-letters:replay.");
        }
        run.topic.put(place, letter);
    }
}
