package org.signupmailer.event;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Brings a record of either CloudEvents mode into the one structured form that the schemas judge. Only the envelope's
 * shape is looked at here. Source: CloudEvents 1.0.2, Kafka protocol binding and JSON event format.
 */
final class EnvelopeReader {

    private static final String PREFIX = "ce_";
    private static final Set<String> ATTRIBUTES = Set.of("specversion", "id", "source", "type", "time");

    private static final String STRUCTURED = "application/cloudevents";
    private static final String BATCH = "application/cloudevents-batch";

    /** Jackson's own limits hold: 1000 levels, numbers of 1000 digits. */
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .build()
            .readerFor(JsonNode.class);

    private EnvelopeReader() {}

    /**
     * The event in structured form, without its null fields; null when there is nothing to judge. What is wrong already
     * at this stage is added to the violations.
     */
    static @Nullable ObjectNode read(Headers headers, byte @Nullable [] value, List<Violation> violations) {
        ObjectNode attributes = JsonNodeFactory.instance.objectNode();
        String contentType = null;
        for (Header header : headers) {
            // A repeated header counts as its last value, as Headers.lastHeader has it.
            String name = header.key().toLowerCase(Locale.ROOT);
            if (name.equals("content-type")) {
                contentType = text(header, "/datacontenttype", violations);
            } else if (name.startsWith(PREFIX) && ATTRIBUTES.contains(name.substring(PREFIX.length()))) {
                String attribute = name.substring(PREFIX.length());
                attributes.put(attribute, text(header, "/" + attribute, violations));
            }
        }
        String mediaType = contentType == null ? "" : contentType.strip().toLowerCase(Locale.ROOT);
        ObjectNode envelope;
        if (mediaType.startsWith(STRUCTURED)) {
            envelope = structured(mediaType, value, violations);
        } else if (attributes.isEmpty()) {
            // A producer that sets no headers, or only application/json.
            envelope = structured("", value, violations);
        } else {
            envelope = binary(attributes, contentType, value, violations);
        }
        if (envelope != null) {
            dropNulls(envelope);
            if (envelope.get("data") instanceof ObjectNode data) {
                dropNulls(data);
            }
        }
        return envelope;
    }

    private static @Nullable ObjectNode structured(
            String mediaType, byte @Nullable [] value, List<Violation> violations) {
        if (mediaType.startsWith(BATCH)) {
            violations.add(new Violation("", "The record is a batch; publish one event per record"));
            return null;
        }
        if (!mediaType.isEmpty() && !mediaType.startsWith(STRUCTURED + "+json")) {
            violations.add(new Violation(
                    "", "The record's content-type is an event format other than application/cloudevents+json"));
            return null;
        }
        if (value == null || value.length == 0) {
            violations.add(new Violation("", "The record has no value; an event is a JSON document"));
            return null;
        }
        JsonNode document = parse(value, "", "The record's value", violations);
        if (document == null) {
            return null;
        }
        if (!(document instanceof ObjectNode envelope)) {
            violations.add(new Violation(
                    "",
                    document.isArray()
                            ? "The record's value is a JSON array; publish one event per record"
                            : "The record's value must be a JSON object"));
            return null;
        }
        JsonNode encoded = envelope.get("data_base64");
        if (encoded != null && !encoded.isNull()) {
            decodeData(envelope, encoded, violations);
        }
        return envelope;
    }

    private static ObjectNode binary(
            ObjectNode attributes, @Nullable String contentType, byte @Nullable [] value, List<Violation> violations) {
        attributes.put("datacontenttype", contentType);
        if (value != null && value.length > 0) {
            attributes.set("data", parse(value, "/data", "data", violations));
        }
        return attributes;
    }

    private static void decodeData(ObjectNode envelope, JsonNode encoded, List<Violation> violations) {
        if (envelope.hasNonNull("data")) {
            violations.add(new Violation("/data_base64", "data_base64 must be absent when there is data"));
            return;
        }
        byte[] decoded;
        try {
            decoded = Base64.getDecoder().decode(encoded.isTextual() ? encoded.textValue() : "-");
        } catch (IllegalArgumentException e) {
            violations.add(new Violation("/data_base64", "data_base64 must be a JSON document in base64"));
            return;
        }
        JsonNode data = parse(decoded, "/data_base64", "data_base64 in decoded form", violations);
        if (data != null) {
            envelope.set("data", data);
        }
    }

    /** Says where the JSON breaks but not what stands there: that may be a code. */
    private static @Nullable JsonNode parse(byte[] json, String pointer, String subject, List<Violation> violations) {
        String problem;
        try {
            JsonNode document = JSON.readTree(json);
            if (!document.isMissingNode()) {
                return document;
            }
            problem = " is empty";
        } catch (StreamConstraintsException e) {
            problem = " nests deeper than 1000 levels or has a number of more than 1000 digits";
        } catch (JsonEOFException e) {
            problem = " is JSON that ends early";
        } catch (MismatchedInputException e) {
            problem = e.getOriginalMessage().startsWith("Duplicate field")
                    ? " has a field that is given twice" + place(e)
                    : " has something behind the end of the JSON document" + place(e);
        } catch (CharConversionException e) {
            problem = " is not JSON in UTF-8";
        } catch (JacksonException e) {
            problem = " is not JSON in UTF-8" + place(e);
        } catch (IOException e) {
            problem = " is not JSON in UTF-8";
        }
        violations.add(new Violation(pointer, subject + problem));
        return null;
    }

    private static String place(JacksonException e) {
        JsonLocation at = e.getLocation();
        return at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }

    private static @Nullable String text(Header header, String pointer, List<Violation> violations) {
        byte[] value = header.value();
        if (value == null) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            violations.add(new Violation(pointer, pointer.substring(1) + " is a header whose value is not UTF-8"));
            return null;
        }
    }

    /** CloudEvents, JSON format 2.2: null is the same as absent. Many serializers write it for every empty field. */
    private static void dropNulls(ObjectNode object) {
        object.properties()
                .removeIf(field -> field.getValue() == null || field.getValue().isNull());
    }
}
