package org.signupmailer.deadletter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.signupmailer.event.EventReader;
import org.signupmailer.event.InvalidEventException;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.topic.TopicReader;

/**
 * What the topic of events says about dead letters: whether a newer event of the same type for the same person was
 * published since, and whether an event was put back already.
 */
final class PublishedEvents {

    private final KafkaSettings settings;
    private final EventReader reader;

    PublishedEvents(KafkaSettings settings, EventReader reader) {
        this.settings = settings;
        this.reader = reader;
    }

    /** Of the events of one lane only the newest counts. */
    record Lane(String type, String recipient) {

        static Lane of(SignupEvent event) {
            return new Lane(event.type(), event.recipientKey());
        }

        /** Says nothing of whom it is about. */
        @Override
        public String toString() {
            return "Lane[" + type + "]";
        }
    }

    private record Newest(String id, Instant published) {}

    /**
     * What was found.
     *
     * @param putBack dead letters whose events were put back
     */
    record Known(Map<Lane, Newest> newest, Set<DeadLetterReader.Place> putBack) {

        static final Known NOTHING = new Known(Map.of(), Set.of());

        boolean hasNewer(ReplayPlanner.Candidate candidate) {
            Newest one = candidate.lane() == null ? null : newest.get(candidate.lane());
            return one != null && one.published.isAfter(candidate.published()) && !one.id.equals(candidate.id());
        }

        private void offer(Lane lane, String id, Instant published) {
            newest.merge(
                    lane,
                    new Newest(id, published),
                    (held, other) -> other.published.isAfter(held.published) ? other : held);
        }
    }

    /** @throws IOException with a sentence for the operator */
    Known since(Stream<ReplayPlanner.Candidate> candidates, BooleanSupplier stop) throws IOException {
        Known known = new Known(new HashMap<>(), new HashSet<>());
        Set<String> recipients = new HashSet<>();
        Instant oldest = null;
        for (Iterator<ReplayPlanner.Candidate> all = candidates.iterator(); all.hasNext(); ) {
            ReplayPlanner.Candidate candidate = all.next();
            Lane lane = candidate.lane();
            if (lane != null && candidate.id() != null) {
                known.offer(lane, candidate.id(), candidate.published());
                recipients.add(lane.recipient());
                oldest = oldest == null || candidate.published().isBefore(oldest) ? candidate.published() : oldest;
            }
        }
        if (oldest == null) {
            return known;
        }
        try (TopicReader topic = new TopicReader(settings, settings.topic())) {
            topic.read(oldest, stop, record -> look(record, known, recipients));
        }
        return known;
    }

    private void look(ConsumerRecord<byte[], byte[]> record, Known known, Set<String> recipients) {
        ReplayMark mark = ReplayMark.of(record.headers());
        if (mark != null) {
            known.putBack().add(mark.place());
        }
        // Nearly all records are somebody else's; those without a key are rare and read.
        if (record.key() != null && !recipients.contains(new String(record.key(), StandardCharsets.UTF_8))) {
            return;
        }
        SignupEvent event = event(record);
        if (event != null && known.newest().containsKey(Lane.of(event))) {
            Instant published = mark == null ? Instant.ofEpochMilli(record.timestamp()) : mark.published();
            known.offer(Lane.of(event), event.id(), published);
        }
    }

    private @Nullable SignupEvent event(ConsumerRecord<byte[], byte[]> record) {
        try {
            return reader.read(record.headers(), record.value());
        } catch (InvalidEventException e) {
            return null;
        }
    }
}
