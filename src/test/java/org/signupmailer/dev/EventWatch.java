package org.signupmailer.dev;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Reads along on the broker, to say of which type a mail's event was and which events became dead letters. Reads in a
 * group of its own: the application does not notice.
 */
final class EventWatch implements AutoCloseable {

    private static final String DEAD_LETTERS = DevelopmentRun.TOPIC + ".dead-letter";
    private static final Pattern TOPICS =
            Pattern.compile(Pattern.quote(DevelopmentRun.TOPIC) + "|" + Pattern.quote(DEAD_LETTERS));

    private final KafkaConsumer<String, String> consumer;
    private final Inbox inbox;
    private final Consumer<DeadLetter> deadLetters;
    private final ObjectMapper json = new ObjectMapper();
    private final Thread thread = new Thread(this::run, "event-watch");

    record DeadLetter(String eventId, String reason) {}

    private EventWatch(String brokers, Inbox inbox, Consumer<DeadLetter> deadLetters) {
        this.inbox = inbox;
        this.deadLetters = deadLetters;
        this.consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        brokers,
                        "group.id",
                        "development-run",
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false,
                        // How soon a topic that is new is seen.
                        "metadata.max.age.ms",
                        1_000),
                new StringDeserializer(),
                new StringDeserializer());
        thread.setDaemon(true);
    }

    static EventWatch start(String brokers, Inbox inbox, Consumer<DeadLetter> deadLetters) {
        EventWatch watch = new EventWatch(brokers, inbox, deadLetters);
        watch.thread.start();
        return watch;
    }

    @Override
    public void close() {
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(2).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer) {
            consumer.subscribe(TOPICS);
            while (true) {
                consumer.poll(Duration.ofSeconds(1)).forEach(this::look);
            }
        } catch (WakeupException closed) {
            // That is how it ends.
        }
    }

    private void look(ConsumerRecord<String, String> record) {
        JsonNode value = parse(record.value());
        if (record.topic().equals(DEAD_LETTERS)) {
            String id = value.path("eventId").asText(value.path("id").asText("without id"));
            deadLetters.accept(new DeadLetter(id, value.path("reason").asText("reason unknown")));
        } else {
            String id = header(record, "ce_id", value.path("id").asText(""));
            String type = header(record, "ce_type", value.path("type").asText(""));
            if (!id.isEmpty() && !type.isEmpty()) {
                inbox.typeIs(id, type);
            }
        }
    }

    private JsonNode parse(String text) {
        try {
            return text == null ? json.missingNode() : json.readTree(text);
        } catch (JsonProcessingException e) {
            return json.missingNode();
        }
    }

    private static String header(ConsumerRecord<String, String> record, String name, String otherwise) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null
                ? otherwise
                : new String(header.value(), StandardCharsets.UTF_8);
    }
}
