package org.signupmailer.intake;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Where the events come from. Each needs a restart to change.
 *
 * @param brokers bootstrap servers, {@code KAFKA_BROKERS}
 * @param topic the events, {@code SIGNUP_TOPIC}
 * @param group consumer group, {@code KAFKA_GROUP}
 * @param deadLetterTopic {@code mailer.kafka.dead-letter-topic}; by default the events' topic with {@code .dead-letter}
 * @param concurrency mails in flight at once, {@code mailer.concurrency}; default 32
 * @param readAhead events read and not yet ended, at most, {@code mailer.read-ahead}; default 5000
 * @param properties settings of the Kafka clients themselves, {@code mailer.kafka.properties.*}: TLS, SASL and so on
 */
public record KafkaSettings(
        String brokers,
        String topic,
        String group,
        String deadLetterTopic,
        int concurrency,
        int readAhead,
        Map<String, String> properties) {

    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,200}");
    private static final Pattern BROKERS = Pattern.compile(
            "\\s*(\\[[0-9a-fA-F:]+]|[^\\s:,/]+):\\d{1,5}(\\s*,\\s*(\\[[0-9a-fA-F:]+]|[^\\s:,/]+):\\d{1,5})*\\s*");

    public KafkaSettings {
        properties = Map.copyOf(properties);
    }

    /**
     * Reads them from Spring's environment.
     *
     * @throws SettingException when one makes no sense
     */
    public static KafkaSettings read(Environment environment) {
        String brokers = text(environment, "mailer.kafka.brokers", "KAFKA_BROKERS", "localhost:9092");
        if (!BROKERS.matcher(brokers).matches()) {
            throw new SettingException("KAFKA_BROKERS is \"" + brokers
                    + "\", which is not a list of brokers; write host:port, several with commas between them, such as"
                    + " kafka-1:9092,kafka-2:9092.");
        }
        String topic = topic(environment, "mailer.kafka.topic", "SIGNUP_TOPIC", "signup-events");
        String group = text(environment, "mailer.kafka.group", "KAFKA_GROUP", "signup-mailer");
        String deadLetters = topic(
                environment,
                "mailer.kafka.dead-letter-topic",
                "mailer.kafka.dead-letter-topic",
                topic + ".dead-letter");
        if (deadLetters.equals(topic)) {
            throw new SettingException("mailer.kafka.dead-letter-topic is \"" + deadLetters
                    + "\", the topic of the events themselves; dead letters would be read as events again, so name"
                    + " another one.");
        }
        Map<String, String> properties = Binder.get(environment)
                .bind("mailer.kafka.properties", Bindable.mapOf(String.class, String.class))
                .orElseGet(LinkedHashMap::new);
        return new KafkaSettings(
                brokers.strip(),
                topic,
                group,
                deadLetters,
                number(environment, "mailer.concurrency", "MAILER_CONCURRENCY", 32, 1, 1000),
                number(environment, "mailer.read-ahead", "MAILER_READ_AHEAD", 5000, 1, 1_000_000),
                properties);
    }

    /** What every Kafka client of this process is configured with. */
    public Map<String, Object> client(String clientId) {
        Map<String, Object> client = new LinkedHashMap<>(properties);
        client.put("bootstrap.servers", brokers);
        client.put("client.id", clientId);
        // A topic or a broker that appears is noticed soon, not after Kafka's five minutes.
        client.putIfAbsent("metadata.max.age.ms", "10000");
        client.putIfAbsent("reconnect.backoff.max.ms", "5000");
        return client;
    }

    private static String topic(Environment environment, String key, String shortName, String standard) {
        String topic = text(environment, key, shortName, standard);
        if (!TOPIC.matcher(topic).matches()) {
            throw new SettingException(shortName + " is \"" + topic
                    + "\", which Kafka does not take as a topic; use letters, digits, dots, dashes and underscores,"
                    + " at most 200.");
        }
        return topic;
    }

    private static String text(Environment environment, String key, String shortName, String standard) {
        @Nullable String value = environment.getProperty(key);
        if (value == null || value.isBlank()) {
            value = environment.getProperty(shortName);
        }
        return value == null || value.isBlank() ? standard : value.strip();
    }

    private static int number(
            Environment environment, String key, String shortName, int standard, int least, int most) {
        String value = text(environment, key, shortName, String.valueOf(standard));
        try {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, with what is allowed.
        }
        throw new SettingException(shortName + " is \"" + value + "\"; it must be a whole number from " + least + " to "
                + most + ", usually " + standard + ".");
    }

    /** Names the brokers only: the properties may hold passwords. */
    @Override
    public String toString() {
        return "Kafka at " + brokers;
    }
}
