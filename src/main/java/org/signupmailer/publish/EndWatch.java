package org.signupmailer.publish;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.topic.Plain;
import org.signupmailer.topic.TopicReader;

/** Watches the ledger for the end of one event. */
final class EndWatch implements AutoCloseable {

    private static final long LOOK_EVERY_MILLIS = 100;

    private final TopicReader ledger;
    private final byte[] id;
    private final ObjectMapper json = new ObjectMapper();
    private Map<Integer, Long> next = Map.of();
    private @Nullable End end;

    /**
     * How an event ended.
     *
     * @param words one sentence
     */
    record End(boolean accepted, String words) {}

    /** @throws IOException with a sentence for the operator */
    EndWatch(KafkaSettings kafka, String id) throws IOException {
        this.ledger = new TopicReader(kafka, kafka.ledgerTopic());
        this.id = id.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Begins with what comes from now on.
     *
     * @param look whether to look at what there is
     * @return the newest end that there is; null when there is none, or nobody looked
     */
    @Nullable
    End skipPast(boolean look) throws IOException {
        if (!look) {
            next = ledger.ends();
            return null;
        }
        End before = look();
        end = null;
        return before;
    }

    private @Nullable End look() throws IOException {
        if (!ledger.exists()) {
            return null;
        }
        next = ledger.readOn(next, record -> {
            if (record.key() != null && record.value() != null && Arrays.equals(record.key(), id)) {
                end = parse(record.value());
            }
        });
        return end;
    }

    /** The end as soon as there is one; null when the time is over. */
    @Nullable
    End await(Duration within) throws IOException {
        long deadline = System.nanoTime() + within.toNanos();
        End known = look();
        while (known == null && System.nanoTime() < deadline) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
            known = look();
        }
        return known;
    }

    private End parse(byte[] value) throws IOException {
        JsonNode entry = json.readTree(value);
        int attempts = entry.path("attempts").asInt();
        String tries = attempts + (attempts == 1 ? " attempt" : " attempts");
        if (entry.path("end").asText().equals("accepted")) {
            return new End(true, "Accepted by " + Plain.text(entry.path("relay").asText()) + " (" + tries + ").");
        }
        return new End(
                false,
                "It is a dead letter: " + Plain.text(entry.path("reason").asText()) + " (" + tries
                        + "); dead-letters show tells why.");
    }

    @Override
    public void close() {
        ledger.close();
    }
}
