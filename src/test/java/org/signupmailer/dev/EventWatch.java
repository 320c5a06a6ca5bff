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
import org.jspecify.annotations.Nullable;

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

    /** What a dead letter says: {@code whence} names the event and the record it came in. */
    record DeadLetter(String eventId, String reason, String detail, String whence) {}

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
            deadLetters.accept(deadLetter(value));
        } else {
            String id = header(record, "ce_id", value.path("id").asText(""));
            String type = header(record, "ce_type", value.path("type").asText(""));
            if (!id.isEmpty() && !type.isEmpty()) {
                inbox.typeIs(id, type);
            }
        }
    }

    private static DeadLetter deadLetter(JsonNode letter) {
        String id = letter.path("id").asText("");
        JsonNode original = letter.path("original");
        return new DeadLetter(
                id,
                letter.path("reason").asText("without a reason"),
                letter.path("detail").asText(""),
                "%s, partition %s, offset %s"
                        .formatted(
                                id.isEmpty() ? "an event without an id" : "event " + id,
                                original.path("partition").asText("?"),
                                original.path("offset").asText("?")));
    }

    private JsonNode parse(@Nullable String text) {
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
