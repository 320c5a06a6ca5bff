package org.signupmailer.publish;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.signupmailer.event.EventReader;
import org.signupmailer.event.InvalidEventException;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.topic.Plain;

/** An event in the making: a CloudEvent in structured mode, judged as the application will judge it. */
final class EventDraft {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode envelope;
    private final ObjectNode data;

    /** @throws IOException with a sentence for the operator when the file can't be read */
    EventDraft(String type, String id, String source, Instant time, @Nullable Path dataFile) throws IOException {
        envelope = JSON.createObjectNode()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", source)
                .put("type", type)
                .put("time", time.truncatedTo(ChronoUnit.MILLIS).toString())
                .put("datacontenttype", "application/json");
        data = dataFile == null ? JSON.createObjectNode() : read(dataFile);
        envelope.set("data", data);
    }

    private static ObjectNode read(Path file) throws IOException {
        JsonNode read;
        try {
            read = JSON.readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new IOException("--data: " + file + " is not JSON (line "
                    + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr() + "); it must be the object that becomes the event's data.");
        } catch (IOException e) {
            throw new IOException("--data: " + file + " can't be read ("
                    + e.getClass().getSimpleName() + "); name a file with the object that becomes the event's data.");
        }
        if (read instanceof ObjectNode object) {
            return object;
        }
        throw new IOException("--data: " + file + " is not a JSON object; it must be the event's data, such as"
                + " {\"code\":\"123456\"}.");
    }

    /** Sets a field of {@code data} when there is a value. */
    void set(String field, @Nullable String value) {
        if (value != null) {
            data.put(field, value);
        }
    }

    /** The value of the record. */
    byte[] bytes() {
        return envelope.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * What the application will read.
     *
     * @throws IOException with a line for each thing that is wrong
     */
    SignupEvent judged() throws IOException {
        try {
            return new EventReader().read(new RecordHeaders(), bytes());
        } catch (InvalidEventException e) {
            StringBuilder wrong = new StringBuilder("Not published, since it would be a dead letter:");
            e.violations().forEach(violation -> wrong.append(System.lineSeparator())
                    .append("  ")
                    .append(Plain.text(violation.pointer()))
                    .append("  ")
                    .append(Plain.text(violation.message())));
            throw new IOException(wrong.toString());
        }
    }
}
