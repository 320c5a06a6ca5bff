package org.signupmailer.event;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** The examples that the schemas give to publishers, and short ways to a record. */
final class Samples {

    static final JsonMapper JSON = new JsonMapper();

    private Samples() {}

    /** All examples of this type's schema; each call gives its own copies. */
    static List<ObjectNode> of(EventType type) {
        List<ObjectNode> examples = new ArrayList<>();
        for (JsonNode example : schema(type.typeName()).get("examples")) {
            examples.add((ObjectNode) example);
        }
        return examples;
    }

    static List<ObjectNode> all() {
        return List.of(EventType.values()).stream()
                .flatMap(type -> of(type).stream())
                .toList();
    }

    static ObjectNode first(EventType type) {
        return of(type).get(0);
    }

    static ObjectNode data(ObjectNode event) {
        return (ObjectNode) event.get("data");
    }

    static JsonNode schema(String name) {
        String path = "/schemas/" + name + ".schema.json";
        try (InputStream in = Samples.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new AssertionError("No resource " + path);
            }
            return JSON.readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static byte[] bytes(JsonNode node) {
        return utf8(node.toString());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Headers from name, value, name, value. */
    static Headers headers(String... namesAndValues) {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], utf8(namesAndValues[i + 1]));
        }
        return headers;
    }

    /** The same event's headers in binary mode; its value is then {@code bytes(event.get("data"))}. */
    static Headers binaryHeaders(ObjectNode event) {
        RecordHeaders headers = new RecordHeaders();
        event.properties().forEach(field -> {
            if (field.getKey().equals("datacontenttype")) {
                headers.add("content-type", utf8(field.getValue().textValue()));
            } else if (!field.getKey().equals("data")) {
                headers.add("ce_" + field.getKey(), utf8(field.getValue().asText()));
            }
        });
        return headers;
    }
}
