package org.signupmailer.docs;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cloudevents.CloudEvent;
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.CloudEventSerializer;
import java.net.URI;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/** One for the whole application; close it at the end. */
final class MailEvents implements AutoCloseable {
    private final ObjectMapper json = new ObjectMapper();
    private final KafkaProducer<String, CloudEvent> producer;

    MailEvents(String brokers) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers), new StringSerializer(), new CloudEventSerializer());
    }

    void sendCode(String email, String name, String locale, String code, Instant expiresAt) throws Exception {
        Map<String, String> data = Map.of(
                "email", email,
                "name", name,
                "locale", locale,
                "code", code,
                "expiresAt", expiresAt.toString());
        CloudEvent event = CloudEventBuilder.v1()
                .withId(UUID.randomUUID().toString())
                .withSource(URI.create("/shop/auth"))
                .withType("signup.verification-code")
                .withTime(OffsetDateTime.now(ZoneOffset.UTC))
                .withData("application/json", json.writeValueAsBytes(data))
                .build();
        producer.send(new ProducerRecord<>("signup-events", email.toLowerCase(Locale.ROOT), event))
                .get();
    }

    @Override
    public void close() {
        producer.close();
    }
}
