package org.signupmailer.event;

import com.ethlo.time.ITU;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import java.text.ParsePosition;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Reads a Kafka record as a signup event: CloudEvents 1.0, structured or binary mode, judged by the JSON Schema of its
 * type. Safe for use by many threads; loading the schemas takes a moment, so keep one.
 *
 * <p>Structured mode needs no header. A record is binary when it has a {@code ce_} header for an attribute and no
 * {@code application/cloudevents} content type. No other header is looked at.
 */
public final class EventReader {

    /** Where the T stands between date and time (RFC 3339, 5.6). */
    private static final int T = 10;

    private static final int LONGEST_ID = 256;
    private static final int LONGEST_TYPE = 128;
    private static final int LONGEST_ADDRESS = 254;

    private final EventSchemas schemas = new EventSchemas();
    private final SameText sources = new SameText();
    private final SameText locales = new SameText();

    /**
     * The event in this record.
     *
     * @param value the record's value; null for a tombstone
     * @throws InvalidEventException with everything that is wrong; nothing else is thrown, whatever the bytes
     */
    public SignupEvent read(Headers headers, byte @Nullable [] value) throws InvalidEventException {
        List<Violation> violations = new ArrayList<>();
        ObjectNode envelope = null;
        try {
            envelope = EnvelopeReader.read(headers, value, violations);
            if (envelope != null) {
                judge(envelope, violations);
                SignupEvent event = violations.isEmpty() ? event(envelope, violations) : null;
                if (event != null && violations.isEmpty()) {
                    return event;
                }
            }
        } catch (RuntimeException | StackOverflowError e) {
            // No input is known to lead here; if one is found, it must not stop its partition.
            violations.add(new Violation(
                    "", "The record made the reader fail with " + e.getClass().getSimpleName()));
        }
        throw new InvalidEventException(
                violations,
                shown(envelope, "/id", LONGEST_ID),
                shown(envelope, "/type", LONGEST_TYPE),
                shown(envelope, "/data/email", LONGEST_ADDRESS));
    }

    private void judge(ObjectNode envelope, List<Violation> violations) {
        for (Error error : schemas.judge(envelope)) {
            Violation violation = Sentences.of(error);
            if (violations.stream().noneMatch(known -> covers(known, violation))) {
                violations.add(violation);
            }
        }
    }

    /** One sentence per field is enough; data that could not be decoded is not missing as well. */
    private static boolean covers(Violation known, Violation violation) {
        return known.pointer().equals(violation.pointer())
                || (known.pointer().equals("/data_base64")
                        && violation.pointer().equals("/data"));
    }

    private @Nullable SignupEvent event(ObjectNode envelope, List<Violation> violations) {
        String typeName = envelope.path("type").textValue();
        EventType type = EventType.of(typeName).orElseThrow();
        JsonNode data = envelope.path("data");
        String locale = data.path("locale").textValue();
        Instant time = instant(envelope, "time", "/time", violations);
        Instant expiresAt = instant(data, "expiresAt", "/data/expiresAt", violations);
        return new SignupEvent(
                envelope.path("id").textValue(),
                sources.of(envelope.path("source").textValue()),
                type.typeName(),
                time,
                data.path("email").textValue(),
                unlessBlank(data.path("name").textValue()),
                locale == null ? null : locales.of(locale),
                field(type, data, "code"),
                field(type, data, "link"),
                unlessBlank(field(type, data, "invitedBy")),
                field(type, data, "newEmail"),
                expiresAt);
    }

    /** A field that the type does not have is an unknown one: nothing has checked it. */
    private static @Nullable String field(EventType type, JsonNode data, String name) {
        return type.has(name) ? data.path(name).textValue() : null;
    }

    private static @Nullable String unlessBlank(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    private static @Nullable Instant instant(JsonNode from, String field, String pointer, List<Violation> violations) {
        String text = from.path(field).textValue();
        if (text == null) {
            return null;
        }
        try {
            ParsePosition end = new ParsePosition(0);
            Instant instant = ITU.parseDateTime(text, end).toInstant();
            if (end.getIndex() == text.length() && Character.toUpperCase(text.charAt(T)) == 'T') {
                return instant;
            }
        } catch (DateTimeException e) {
            // The schema's date-time takes a little more than there are moments, such as leap seconds.
        }
        violations.add(Sentences.ruleOf(pointer));
        return null;
    }

    private static @Nullable String shown(@Nullable ObjectNode envelope, String pointer, int longest) {
        if (envelope == null) {
            return null;
        }
        String text = envelope.at(pointer).textValue();
        boolean plausible = text != null
                && !text.isBlank()
                && text.length() <= longest
                && text.codePoints().allMatch(EventReader::isHarmless);
        return plausible ? text : null;
    }

    private static boolean isHarmless(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
