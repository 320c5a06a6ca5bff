package org.signupmailer.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A dead letter as a reader of the log or the topic sees it. */
public final class DeadLetterLine {

    private static final JsonMapper JSON = new JsonMapper();

    private final JsonNode line;

    private DeadLetterLine(JsonNode line) {
        this.line = line;
    }

    static DeadLetterLine parse(String json) {
        try {
            return new DeadLetterLine(JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new AssertionError("A dead letter is not one JSON object: " + json, e);
        }
    }

    public @Nullable String id() {
        return line.path("id").textValue();
    }

    public @Nullable String type() {
        return line.path("type").textValue();
    }

    public @Nullable String recipient() {
        return line.path("recipient").textValue();
    }

    /** Empty when there is none. */
    public String reason() {
        return line.path("reason").asText();
    }

    public String detail() {
        return line.path("detail").asText();
    }

    /** JSON pointers of what is wrong with an invalid event. */
    public List<String> violations() {
        return texts("violations", "pointer");
    }

    /** The relays that were asked, in order. */
    public List<String> relaysAsked() {
        return texts("attempts", "relay");
    }

    /** What the relays replied, in order. */
    public List<String> replies() {
        return texts("attempts", "reply");
    }

    /** How far the attempts came, in order. */
    public List<String> phases() {
        return texts("attempts", "phase");
    }

    /** The original record's value; null for a tombstone. */
    public byte @Nullable [] originalValue() {
        JsonNode original = line.path("original");
        String text = original.path("value").textValue();
        String encoded = original.path("valueBase64").textValue();
        return text != null
                ? text.getBytes(StandardCharsets.UTF_8)
                : encoded == null ? null : Base64.getDecoder().decode(encoded);
    }

    /** The whole line. */
    public JsonNode json() {
        return line;
    }

    private List<String> texts(String array, String field) {
        List<String> texts = new ArrayList<>();
        line.path(array).forEach(node -> texts.add(node.path(field).asText()));
        return texts;
    }

    @Override
    public String toString() {
        return reason() + " " + id() + " (" + detail() + ")";
    }
}
