package org.signupmailer.deadletter;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.signupmailer.delivery.DeadLetterReason;
import org.signupmailer.delivery.DeadLetterStore;
import org.signupmailer.delivery.Delivery;

/** Writes each dead letter to the topic and to the log; the event has its end when both have it. */
final class DeadLetters implements DeadLetterStore, AutoCloseable {

    private final DeadLetterWriter writer;
    private final DeadLetterTopic topic;
    private final DeadLetterLog log;
    private final ObjectMapper json;
    // Deliveries whose dead letter is on the topic while the log could not be written: it is not sent there again.
    private final Map<Delivery, DeadLetter> onTopic = Collections.synchronizedMap(new WeakHashMap<>());

    DeadLetters(DeadLetterWriter writer, DeadLetterTopic topic, DeadLetterLog log, ObjectMapper json) {
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
        if (topic.send(key, json.writeValueAsBytes(letter))) {
            return;
        }
        if (!topic.send(key, json.writeValueAsBytes(DeadLetterWriter.truncated(letter)))) {
            throw new IOException("the dead-letter topic takes not even the dead letter without its event; raise its"
                    + " max.message.bytes");
        }
    }

    private static byte @Nullable [] key(DeadLetter letter) {
        return letter.id() == null ? null : letter.id().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        topic.close();
        log.close();
    }
}
