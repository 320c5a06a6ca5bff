package org.signupmailer.deadletter;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.topic.TopicReader;

/** Reads the dead-letter topic, which has the dead letters of all processes, up to what is there now. */
final class DeadLetterReader {

    private final KafkaSettings settings;
    private final ObjectMapper json = new ObjectMapper()
            .registerModule(new JavaTimeModule())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    DeadLetterReader(KafkaSettings settings) {
        this.settings = settings;
    }

    /** Where a dead letter stands in its topic. */
    record Place(int partition, long offset) {}

    /** Is shown dead letters one after another; those of one event id in their order. */
    interface Visitor {

        /** Whether the one that stands there is to be read at all. */
        default boolean wants(Place place) {
            return true;
        }

        void visit(Place place, DeadLetter letter) throws IOException;
    }

    /**
     * Shows the visitor those that were written since a time.
     *
     * @param since null: all
     * @return how many records were none of ours and are left out
     * @throws IOException with a sentence for the operator
     */
    int read(@Nullable Instant since, BooleanSupplier stop, Visitor visitor) throws IOException {
        int[] strange = new int[1];
        try (TopicReader topic = new TopicReader(settings, settings.deadLetterTopic())) {
            topic.read(since, stop, record -> {
                Place place = new Place(record.partition(), record.offset());
                if (record.value() == null || !visitor.wants(place)) {
                    return;
                }
                DeadLetter letter = parse(record.value());
                if (letter == null) {
                    strange[0]++;
                } else {
                    visitor.visit(place, letter);
                }
            });
        }
        return strange[0];
    }

    // Anybody may have written into the topic by hand.
    private @Nullable DeadLetter parse(byte[] value) {
        try {
            return json.readValue(value, DeadLetter.class);
        } catch (IOException e) {
            return null;
        }
    }
}
