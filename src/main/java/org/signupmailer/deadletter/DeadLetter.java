package org.signupmailer.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.AttemptStory;

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
            @Nullable Boolean truncated) {}
}
