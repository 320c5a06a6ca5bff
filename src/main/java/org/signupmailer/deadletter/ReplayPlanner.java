package org.signupmailer.deadletter;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.signupmailer.delivery.DeadLetterReason;
import org.signupmailer.event.EventReader;
import org.signupmailer.event.InvalidEventException;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.kafka.KafkaSettings;

/**
 * Finds the dead letters whose events are to be put back. Of several of one event the newest counts: it is where the
 * event stands. Whatever must not or can't be mailed is left out, with the reason.
 */
final class ReplayPlanner {

    /** What one plan holds in memory, some 500 bytes each. */
    static final int MOST = 500_000;

    private final DeadLetterReader letters;
    private final PublishedEvents published;
    private final Predicate<String> accepted;
    private final EventReader reader;
    private final Clock clock;

    /** @param accepted whether a relay has accepted the event with this id */
    ReplayPlanner(
            DeadLetterReader letters,
            PublishedEvents published,
            Predicate<String> accepted,
            EventReader reader,
            Clock clock) {
        this.letters = letters;
        this.published = published;
        this.accepted = accepted;
        this.reader = reader;
        this.clock = clock;
    }

    /** One event that may be put back, by its newest dead letter. */
    record Candidate(
            DeadLetterReader.Place place,
            String reason,
            @Nullable String id,
            PublishedEvents.@Nullable Lane lane,
            Instant published,
            @Nullable Refusal refusal) {}

    /** @throws IOException with a sentence for the operator */
    ReplayPlan plan(ReplayOrder order, BooleanSupplier stop) throws IOException {
        DeadLetterFilter filter = order.filter();
        Map<String, Candidate> byId = new HashMap<>();
        Set<Candidate> nameless = new HashSet<>();
        letters.read(filter.since(), stop, (place, letter) -> {
            if (!filter.matches(letter)) {
                if (letter.id() != null) {
                    byId.remove(letter.id());
                }
                return;
            }
            Candidate candidate = judge(place, letter, order);
            if (candidate.id() == null) {
                nameless.add(candidate);
            } else {
                byId.put(candidate.id(), candidate);
            }
            if (byId.size() + nameless.size() > MOST) {
                throw new IOException("More than " + MOST
                        + " dead letters match, which is too much for one replay; take a shorter time with --since and"
                        + " --until.");
            }
        });
        PublishedEvents.Known known = stop.getAsBoolean()
                ? PublishedEvents.Known.NOTHING
                : published.since(byId.values().stream().filter(one -> one.refusal() == null), stop);
        Plan plan = new Plan();
        nameless.forEach(candidate -> plan.add(candidate, candidate.refusal()));
        byId.values().forEach(candidate -> plan.add(candidate, refusal(candidate, known, order)));
        return new ReplayPlan(filter.since(), plan.chosen, plan.reasons, plan.refused, !stop.getAsBoolean());
    }

    private Candidate judge(DeadLetterReader.Place place, DeadLetter letter, ReplayOrder order) {
        SignupEvent event = event(letter);
        return new Candidate(
                place,
                letter.reason(),
                event == null ? letter.id() : event.id(),
                event == null ? null : PublishedEvents.Lane.of(event),
                letter.original().timestamp(),
                refusal(letter, event, order));
    }

    private @Nullable Refusal refusal(DeadLetter letter, @Nullable SignupEvent event, ReplayOrder order) {
        if (Boolean.TRUE.equals(letter.original().truncated())) {
            return Refusal.TRUNCATED;
        }
        if (event == null) {
            return Refusal.INVALID;
        }
        if (accepted.test(event.id())) {
            return Refusal.ACCEPTED;
        }
        Instant now = clock.instant();
        if (event.expiresAt() != null && !now.isBefore(event.expiresAt())) {
            return Refusal.EXPIRED;
        }
        if (letter.time().plus(KafkaSettings.LEDGER_KEPT).isBefore(now)) {
            return Refusal.FORGOTTEN;
        }
        boolean superseded = letter.reason().equals(DeadLetterReason.SUPERSEDED.id());
        return superseded && !order.superseded() ? Refusal.SUPERSEDED : null;
    }

    private static @Nullable Refusal refusal(Candidate candidate, PublishedEvents.Known known, ReplayOrder order) {
        if (candidate.refusal() != null) {
            return candidate.refusal();
        }
        if (!order.again() && known.putBack().contains(candidate.place())) {
            return Refusal.UNDER_WAY;
        }
        return !order.superseded() && known.hasNewer(candidate) ? Refusal.SUPERSEDED : null;
    }

    private @Nullable SignupEvent event(DeadLetter letter) {
        try {
            return reader.read(
                    letter.original().recordHeaders(), letter.original().bytes());
        } catch (InvalidEventException e) {
            return null;
        }
    }

    private static final class Plan {

        private final Set<DeadLetterReader.Place> chosen = new HashSet<>();
        private final Map<String, Integer> reasons = new HashMap<>();
        private final Map<Refusal, Integer> refused = new EnumMap<>(Refusal.class);

        private void add(Candidate candidate, @Nullable Refusal refusal) {
            if (refusal == null) {
                chosen.add(candidate.place());
                reasons.merge(candidate.reason(), 1, Integer::sum);
            } else {
                refused.merge(refusal, 1, Integer::sum);
            }
        }
    }
}
