package org.signupmailer.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.signupmailer.event.Samples.bytes;
import static org.signupmailer.event.Samples.data;
import static org.signupmailer.event.Samples.headers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.core.message.Encoding;
import io.cloudevents.jackson.JsonFormat;
import io.cloudevents.kafka.CloudEventSerializer;
import java.net.URI;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A publisher that uses the CloudEvents SDK is understood in either of its encodings. */
class CloudEventsSdkTest {

    private final EventReader reader = new EventReader();

    static Stream<ObjectNode> examples() {
        return Samples.all().stream();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void eventOfTheSdkIsReadAlikeInBothEncodings(ObjectNode example) throws Exception {
        CloudEvent published = CloudEventBuilder.v1()
                .withId(example.get("id").textValue())
                .withSource(URI.create(example.get("source").textValue()))
                .withType(example.get("type").textValue())
                .withTime(OffsetDateTime.parse(example.get("time").textValue()))
                .withSubject("ann")
                .withExtension("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .withData("application/json", bytes(data(example)))
                .build();
        SignupEvent expected = reader.read(headers(), bytes(example));

        assertThat(sent(published, Encoding.STRUCTURED)).isEqualTo(expected);
        assertThat(sent(published, Encoding.BINARY)).isEqualTo(expected);
    }

    private SignupEvent sent(CloudEvent event, Encoding encoding) throws InvalidEventException {
        try (CloudEventSerializer serializer = new CloudEventSerializer()) {
            Map<String, Object> config = new HashMap<>();
            config.put(CloudEventSerializer.ENCODING_CONFIG, encoding);
            if (encoding == Encoding.STRUCTURED) {
                config.put(CloudEventSerializer.EVENT_FORMAT_CONFIG, JsonFormat.CONTENT_TYPE);
            }
            serializer.configure(config, false);
            RecordHeaders headers = new RecordHeaders();
            byte[] value = serializer.serialize("signup-events", headers, event);
            return reader.read(headers, value);
        }
    }
}
