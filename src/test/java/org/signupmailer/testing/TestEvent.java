package org.signupmailer.testing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.jspecify.annotations.Nullable;

/**
 * An event as a publisher would write it. Immutable: each method gives a changed copy, so that
 * {@code verificationCode().to("ann@example.com").locale("ru")} reads as one sentence. Begin with {@link TestEvents}.
 */
public final class TestEvent {

    private enum Mode {
        STRUCTURED,
        STRUCTURED_SAID,
        BINARY
    }

    private final ObjectNode envelope;
    private final List<Header> extraHeaders;
    private final Mode mode;

    private TestEvent(ObjectNode envelope, List<Header> extraHeaders, Mode mode) {
        this.envelope = envelope;
        this.extraHeaders = List.copyOf(extraHeaders);
        this.mode = mode;
    }

    static TestEvent ofType(String type) {
        String id = UUID.randomUUID().toString();
        ObjectNode envelope = JsonNodeFactory.instance
                .objectNode()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", "/shop/auth")
                .put("type", type)
                .put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("datacontenttype", "application/json");
        // An address of its own, so that no event waits for another one by accident.
        envelope.putObject("data").put("email", "user-" + id.substring(0, 8) + "@example.com");
        return new TestEvent(envelope, List.of(), Mode.STRUCTURED);
    }

    public TestEvent id(String id) {
        return attribute("id", id);
    }

    public TestEvent to(String email) {
        return with("email", email);
    }

    public TestEvent locale(String tag) {
        return with("locale", tag);
    }

    public TestEvent name(String name) {
        return with("name", name);
    }

    public TestEvent code(String code) {
        return with("code", code);
    }

    public TestEvent link(String link) {
        return with("link", link);
    }

    public TestEvent expiresAt(Instant end) {
        return with("expiresAt", end.truncatedTo(ChronoUnit.MILLIS).toString());
    }

    public TestEvent expiresIn(Duration time) {
        return expiresAt(Instant.now().plus(time));
    }

    /** Sets any field of {@code data}. */
    public TestEvent with(String field, String value) {
        ObjectNode changed = envelope.deepCopy();
        ((ObjectNode) changed.get("data")).put(field, value);
        return new TestEvent(changed, extraHeaders, mode);
    }

    /** Leaves a field of {@code data} out. */
    public TestEvent without(String field) {
        ObjectNode changed = envelope.deepCopy();
        ((ObjectNode) changed.get("data")).remove(field);
        return new TestEvent(changed, extraHeaders, mode);
    }

    /** Sets any attribute of the envelope. */
    public TestEvent attribute(String name, String value) {
        return new TestEvent(envelope.deepCopy().put(name, value), extraHeaders, mode);
    }

    /** Adds a record header; names need not be unique. */
    public TestEvent header(String name, String value) {
        List<Header> more = new ArrayList<>(extraHeaders);
        more.add(new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8)));
        return new TestEvent(envelope, more, mode);
    }

    /** Attributes as {@code ce_} headers, the value is the data alone. */
    public TestEvent binary() {
        return new TestEvent(envelope, extraHeaders, Mode.BINARY);
    }

    /** Structured mode with the content type that says so. */
    public TestEvent cloudEventsContentType() {
        return new TestEvent(envelope, extraHeaders, Mode.STRUCTURED_SAID);
    }

    public String id() {
        return envelope.path("id").asText();
    }

    public String type() {
        return envelope.path("type").asText();
    }

    public String email() {
        return envelope.path("data").path("email").asText();
    }

    public @Nullable String code() {
        return envelope.path("data").path("code").textValue();
    }

    public @Nullable String link() {
        return envelope.path("data").path("link").textValue();
    }

    public @Nullable Instant expiresAt() {
        String end = envelope.path("data").path("expiresAt").textValue();
        return end == null ? null : Instant.parse(end);
    }

    /** What the record is keyed by: the address in lower case. */
    public String key() {
        return email().toLowerCase(Locale.ROOT);
    }

    /** The record's value. */
    public byte[] value() {
        String json = mode == Mode.BINARY ? envelope.get("data").toString() : envelope.toString();
        return json.getBytes(StandardCharsets.UTF_8);
    }

    /** The record's headers. */
    public Header[] headers() {
        List<Header> headers = new ArrayList<>();
        if (mode == Mode.STRUCTURED_SAID) {
            headers.add(text("content-type", "application/cloudevents+json; charset=UTF-8"));
        } else if (mode == Mode.BINARY) {
            headers.add(text("content-type", "application/json"));
            for (String attribute : List.of("specversion", "id", "source", "type", "time")) {
                headers.add(text("ce_" + attribute, envelope.path(attribute).asText()));
            }
        }
        headers.addAll(extraHeaders);
        return headers.toArray(Header[]::new);
    }

    private static Header text(String name, String value) {
        return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return type() + " " + id();
    }
}
