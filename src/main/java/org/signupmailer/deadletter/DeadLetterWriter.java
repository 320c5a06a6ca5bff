package org.signupmailer.deadletter;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.signupmailer.delivery.DeadLetterReason;
import org.signupmailer.delivery.Delivery;
import org.signupmailer.delivery.Origin;
import org.signupmailer.event.InvalidEventException;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.relay.AttemptStory;

/** Tells a delivery as a dead letter. */
final class DeadLetterWriter {

    private final Clock clock;

    DeadLetterWriter(Clock clock) {
        this.clock = clock;
    }

    DeadLetter tell(Delivery delivery, DeadLetterReason reason, String detail) {
        SignupEvent event = delivery.event();
        InvalidEventException invalid = delivery.invalid();
        List<DeadLetter.Problem> violations = invalid == null
                ? List.of()
                : invalid.violations().stream()
                        .map(violation -> new DeadLetter.Problem(violation.pointer(), violation.message()))
                        .toList();
        return new DeadLetter(
                clock.instant(),
                event != null ? event.id() : invalid == null ? null : invalid.eventId(),
                event != null ? event.type() : invalid == null ? null : invalid.eventType(),
                event != null ? event.email() : invalid == null ? null : invalid.recipient(),
                reason.id(),
                detail,
                violations,
                delivery.attempts().stream().map(AttemptStory::of).toList(),
                original(delivery));
    }

    /** The same without the value, for a topic that does not take so much; where to find it remains. */
    static DeadLetter truncated(DeadLetter whole) {
        DeadLetter.Original original = whole.original();
        return new DeadLetter(
                whole.time(),
                whole.id(),
                whole.type(),
                whole.recipient(),
                whole.reason(),
                whole.detail(),
                whole.violations(),
                whole.attempts(),
                new DeadLetter.Original(
                        original.topic(),
                        original.partition(),
                        original.offset(),
                        original.timestamp(),
                        null,
                        Map.of(),
                        null,
                        null,
                        true));
    }

    private static DeadLetter.Original original(Delivery delivery) {
        ConsumerRecord<byte[], byte[]> record = delivery.record();
        Origin origin = delivery.origin();
        Map<String, String> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        String text = text(record.value());
        return new DeadLetter.Original(
                origin.topic(),
                origin.partition(),
                origin.offset(),
                origin.timestamp(),
                text(record.key()),
                headers,
                text,
                text == null && record.value() != null ? Base64.getEncoder().encodeToString(record.value()) : null,
                null);
    }

    private static @Nullable String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
