package org.signupmailer.deadletter;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.signupmailer.delivery.DeadLetterReason;
import org.signupmailer.delivery.DeadLetterStore;
import org.signupmailer.delivery.Delivery;
import org.signupmailer.kafka.KafkaWriter;

/** Writes each dead letter to the topic and to the log; the event has its end when both have it. */
final class DeadLetters implements DeadLetterStore, AutoCloseable {

    private final DeadLetterWriter writer;
    private final KafkaWriter topic;
    private final String topicName;
    private final DeadLetterLog log;
    private final ObjectMapper json;
    // Deliveries whose dead letter is on the topic while the log could not be written: it is not sent there again.
    private final Map<Delivery, DeadLetter> onTopic = Collections.synchronizedMap(new WeakHashMap<>());

    DeadLetters(DeadLetterWriter writer, KafkaWriter topic, String topicName, DeadLetterLog log, ObjectMapper json) {
        this.topicName = topicName;
        this.writer = writer;
        this.topic = topic;
        this.log = log;
        this.json = json;
    }

    @Override
    public void write(Delivery delivery, DeadLetterReason reason, String detail) throws IOException {
        DeadLetter letter = onTopic.get(delivery);
        if (letter == null) {
            letter = writer.tell(delivery, reason, detail);
            send(letter);
            onTopic.put(delivery, letter);
        }
        log.append(json.writeValueAsBytes(letter));
        onTopic.remove(delivery);
        delivery.deadLettered(reason);
    }

    private void send(DeadLetter letter) throws IOException {
        byte[] key = key(letter);
        try {
            topic.write(new ProducerRecord<>(topicName, key, json.writeValueAsBytes(letter)));
        } catch (KafkaWriter.TooLarge e) {
            topic.write(
                    new ProducerRecord<>(topicName, key, json.writeValueAsBytes(DeadLetterWriter.truncated(letter))));
        }
    }

    private static byte @Nullable [] key(DeadLetter letter) {
        return letter.id() == null ? null : letter.id().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        log.close();
    }
}
