package org.signupmailer.deadletter;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.signupmailer.event.EventReader;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.ledger.Ledger;
import org.signupmailer.topic.TopicReader;

/**
 * Puts the events of dead letters back onto their topic, in two passes: the first finds out which, the second does it.
 * Neither holds an event's content in memory. Used by the command and by the route.
 */
final class Replay {

    private static final Duration LEDGER_READ = Duration.ofMinutes(1);

    private final DeadLetterReader letters;
    private final ReplayPlanner planner;

    private Replay(DeadLetterReader letters, ReplayPlanner planner) {
        this.letters = letters;
        this.planner = planner;
    }

    /**
     * Ready to plan, with a ledger that has been read.
     *
     * @throws IOException with a sentence for the operator when the ledger can't be read
     */
    static Replay with(KafkaSettings settings, Ledger ledger, Clock clock) throws IOException {
        DeadLetterReader letters = new DeadLetterReader(settings);
        EventReader events = new EventReader();
        return new Replay(
                letters,
                new ReplayPlanner(
                        letters, new PublishedEvents(settings, events), accepted(settings, ledger), events, clock));
    }

    /**
     * Whether a relay has accepted an id, by the ledger as it is now and goes on.
     *
     * @throws IOException with a sentence for the operator
     */
    static Predicate<String> accepted(KafkaSettings settings, Ledger ledger) throws IOException {
        try (TopicReader topic = new TopicReader(settings, settings.ledgerTopic())) {
            if (!topic.exists()) {
                return id -> false;
            }
        }
        try {
            if (ledger.catchUp(LEDGER_READ)) {
                return ledger::accepted;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IOException("The ledger " + settings.ledgerTopic() + " could not be read within "
                + LEDGER_READ.toSeconds() + " s, and without it nobody knows what was accepted; try again.");
    }

    /** @throws IOException with a sentence for the operator */
    ReplayPlan plan(ReplayOrder order, BooleanSupplier stop) throws IOException {
        return planner.plan(order, stop);
    }

    /** Takes what is to be put back, one after another. */
    interface Taker {
        void take(DeadLetterReader.Place place, DeadLetter letter) throws IOException;
    }

    /**
     * Hands over each dead letter that the plan chose, until it is stopped.
     *
     * @throws IOException with a sentence for the operator
     */
    void carryOut(ReplayPlan plan, BooleanSupplier stop, Taker taker) throws IOException {
        if (plan.chosen().isEmpty()) {
            return;
        }
        AtomicInteger taken = new AtomicInteger();
        BooleanSupplier enough =
                () -> stop.getAsBoolean() || taken.get() == plan.chosen().size();
        letters.read(plan.since(), enough, new DeadLetterReader.Visitor() {
            @Override
            public boolean wants(DeadLetterReader.Place place) {
                return plan.chosen().contains(place);
            }

            @Override
            public void visit(DeadLetterReader.Place place, DeadLetter letter) throws IOException {
                taker.take(place, letter);
                taken.incrementAndGet();
            }
        });
    }
}
