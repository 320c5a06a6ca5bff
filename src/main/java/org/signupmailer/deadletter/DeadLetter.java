package org.signupmailer.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.AttemptStory;
import org.signupmailer.retry.RetryTopics;

/**
 * A dead letter as it is written: one line of the log, one record of the topic.
 *
 * @param id the event's id; null when the record has none that can be told
 * @param reason one of design's words, such as {@code relays-exhausted}
 * @param detail one sentence for people
 * @param violations what is wrong with an invalid event, each with its JSON pointer; empty otherwise
 * @param attempts every attempt, oldest first
 * @param original the record as it was read, enough to publish it again
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"time", "id", "type", "recipient", "reason", "detail", "violations", "attempts", "original"})
record DeadLetter(
        Instant time,
        @Nullable String id,
        @Nullable String type,
        @Nullable String recipient,
        String reason,
        String detail,
        List<Problem> violations,
        List<AttemptStory> attempts,
        Original original) {

    /** Read from a topic into which anybody may have written: one without its parts is none. */
    DeadLetter {
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(reason, "reason");
        Objects.requireNonNull(detail, "detail");
        Objects.requireNonNull(original, "original");
        violations = List.copyOf(violations);
        attempts = List.copyOf(attempts);
    }

    /** Says nothing of the content: logs print objects like this. */
    @Override
    public String toString() {
        return "DeadLetter[" + reason + "]";
    }

    record Problem(String pointer, String message) {}

    /**
     * @param value the record's value where it is UTF-8 text
     * @param valueBase64 the same where it is not
     * @param truncated true when the value was too large for the topic; the log has it whole
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Original(
            String topic,
            int partition,
            long offset,
            Instant timestamp,
            @Nullable String key,
            Map<String, String> headers,
            @Nullable String value,
            @Nullable String valueBase64,
            @Nullable Boolean truncated) {

        Original {
            Objects.requireNonNull(topic, "topic");
            Objects.requireNonNull(timestamp, "timestamp");
            headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        }

        /** The record's value as it was; null where the record had none, or the topic does not have it. */
        byte @Nullable [] bytes() {
            if (value != null) {
                return value.getBytes(StandardCharsets.UTF_8);
            }
            try {
                return valueBase64 == null ? null : Base64.getDecoder().decode(valueBase64);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        /** The headers as they were, but for those by which retries are told. */
        Headers recordHeaders() {
            RecordHeaders record = new RecordHeaders();
            headers.forEach((name, text) -> {
                if (name != null && text != null && !RetryTopics.isOurs(name)) {
                    record.add(name, text.getBytes(StandardCharsets.UTF_8));
                }
            });
            return record;
        }

        /** Says nothing of the content. */
        @Override
        public String toString() {
            return "Original[" + topic + "-" + partition + "@" + offset + "]";
        }
    }
}
