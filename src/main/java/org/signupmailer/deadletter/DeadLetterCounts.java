package org.signupmailer.deadletter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.topic.TopicReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many dead letters of each reason the topic has. Whoever asks gets the last count at once; if that is old, it is
 * brought up to date behind his back. Only what is new is read, so that a page that asks all the time costs nothing.
 */
final class DeadLetterCounts {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterCounts.class);
    private static final Duration FRESH = Duration.ofSeconds(10);
    // What Kafka has deleted meanwhile is forgotten by counting anew.
    private static final Duration ANEW = Duration.ofHours(1);

    private final KafkaSettings kafka;
    private final Clock clock;
    private final ObjectMapper json = new ObjectMapper();
    private final AtomicBoolean counting = new AtomicBoolean();

    private volatile Map<String, Long> last = Map.of();
    private volatile @Nullable Instant countedAt;
    // Used by the counting thread only.
    private Map<String, Long> counts = new TreeMap<>();
    private Map<Integer, Long> next = new HashMap<>();
    private Instant begunAt = Instant.EPOCH;

    DeadLetterCounts(KafkaSettings kafka, Clock clock) {
        this.kafka = kafka;
        this.clock = clock;
    }

    /** By reason, as of {@link #countedAt}. */
    Map<String, Long> byReason() {
        Instant known = countedAt;
        if ((known == null || known.plus(FRESH).isBefore(clock.instant())) && counting.compareAndSet(false, true)) {
            Thread thread = new Thread(this::count, "dead-letter-counts");
            thread.setDaemon(true);
            thread.start();
        }
        return last;
    }

    /** Null while nothing has been counted. */
    @Nullable
    Instant countedAt() {
        return countedAt;
    }

    private void count() {
        try (TopicReader topic = new TopicReader(kafka, kafka.deadLetterTopic())) {
            Instant now = clock.instant();
            if (begunAt.plus(ANEW).isBefore(now)) {
                begunAt = now;
                counts = new TreeMap<>();
                next = new HashMap<>();
            }
            if (topic.exists()) {
                next = topic.readOn(next, record -> {
                    if (record.value() != null) {
                        counts.merge(reason(record.value()), 1L, Long::sum);
                    }
                });
            }
            last = Map.copyOf(counts);
            countedAt = now;
        } catch (IOException e) {
            LOG.debug("Dead letters could not be counted", e);
        } finally {
            counting.set(false);
        }
    }

    private String reason(byte[] value) {
        try {
            JsonNode reason = json.readTree(value).path("reason");
            return reason.isTextual() && reason.textValue().matches("[a-z-]{1,40}") ? reason.textValue() : "unknown";
        } catch (IOException e) {
            return "unknown";
        }
    }
}
