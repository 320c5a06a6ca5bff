package org.signupmailer.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
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
 * @param ledgerTopic {@code mailer.kafka.ledger-topic}
 * @param retryDelays how long an event waits that no relay took, the first time, the second, and every time after;
 *     {@code mailer.retry-delays}; each has a topic of its own
 * @param concurrency mails in flight at once, {@code mailer.concurrency}; default 40, twice the connections of a relay:
 *     behind each mail the envelope of the next can travel
 * @param readAhead events read and not yet ended, at most, {@code mailer.read-ahead}; default 5000
 * @param properties settings of the Kafka clients themselves, {@code mailer.kafka.properties.*}: TLS, SASL and so on
 */
public record KafkaSettings(
        String brokers,
        String topic,
        String group,
        String deadLetterTopic,
        String ledgerTopic,
        List<Duration> retryDelays,
        int concurrency,
        int readAhead,
        Map<String, String> properties) {

    /** How long an accepted id is remembered, as long as Kafka remembers an idle group's offsets by default. */
    public static final Duration LEDGER_KEPT = Duration.ofDays(7);

    private static final int FETCH_BYTES = 400 * 1024;
    private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,200}");
    private static final Pattern DELAY = Pattern.compile("(\\d{1,5})([sm])");
    private static final Pattern BROKERS = Pattern.compile(
            "\\s*(\\[[0-9a-fA-F:]+]|[^\\s:,/]+):\\d{1,5}(\\s*,\\s*(\\[[0-9a-fA-F:]+]|[^\\s:,/]+):\\d{1,5})*\\s*");

    public KafkaSettings {
        properties = Map.copyOf(properties);
        retryDelays = List.copyOf(retryDelays);
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
        KafkaSettings settings = new KafkaSettings(
                brokers.strip(),
                topic,
                group,
                deadLetters,
                topic(
                        environment,
                        "mailer.kafka.ledger-topic",
                        "mailer.kafka.ledger-topic",
                        "signup-mailer.deliveries"),
                delays(environment),
                number(environment, "mailer.concurrency", "MAILER_CONCURRENCY", 40, 1, 1000),
                number(environment, "mailer.read-ahead", "MAILER_READ_AHEAD", 5000, 1, 1_000_000),
                properties);
        settings.checkClient();
        return settings;
    }

    // Else it would be said by a thread that dies of it, and nothing would be read.
    private void checkClient() {
        Map<String, Object> client = client(group);
        client.put("key.deserializer", ByteArrayDeserializer.class);
        client.put("value.deserializer", ByteArrayDeserializer.class);
        try {
            // Checks the values and forgets them.
            new ConsumerConfig(client);
        } catch (ConfigException e) {
            throw new SettingException("mailer.kafka.properties holds what Kafka's client does not take ("
                    + e.getMessage() + "); correct that line, or leave it out.");
        }
    }

    /** What every Kafka client of this process is configured with. */
    public Map<String, Object> client(String clientId) {
        Map<String, Object> client = new LinkedHashMap<>(properties);
        client.put("bootstrap.servers", brokers);
        client.put("client.id", clientId);
        // A topic or a broker that appears is noticed soon, not after Kafka's five minutes.
        client.putIfAbsent("metadata.max.age.ms", "10000");
        client.putIfAbsent("reconnect.backoff.max.ms", "5000");
        // Else each of its looks at the network formats a line about the metrics that a broker might ask it for.
        client.putIfAbsent("enable.metrics.push", "false");
        return client;
    }

    /** The same for one that reads. */
    public Map<String, Object> reader(String clientId) {
        return reader(clientId, FETCH_BYTES);
    }

    /** The same for one that reads so many bytes at a time, if there are as many. */
    public Map<String, Object> reader(String clientId, int atATime) {
        Map<String, Object> reader = client(clientId);
        // Some hundreds of events at a time. Kafka's 50 MB would be kept in memory while the mails before them go out,
        // in arrays that Java's collector leaves lying for long.
        reader.putIfAbsent(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, atATime);
        reader.putIfAbsent(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, atATime);
        // A broker holds back its answer for so long when the partitions asked for have nothing, such as the retry
        // topics' while events are still here; for Kafka's 500 ms what is here would run out.
        reader.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
        return reader;
    }

    /** The topic in which events wait for a delay: {@code signup-events.retry-10s}. */
    public String retryTopic(Duration delay) {
        long seconds = delay.toSeconds();
        String text = seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
        return topic + ".retry-" + text;
    }

    /** One topic per delay, shortest first. */
    public List<String> retryTopics() {
        return retryDelays.stream().map(this::retryTopic).toList();
    }

    private static List<Duration> delays(Environment environment) {
        String text = text(environment, "mailer.retry-delays", "MAILER_RETRY_DELAYS", "10s,1m,10m");
        List<Duration> delays = new ArrayList<>();
        for (String delay : text.split(",", -1)) {
            Matcher matcher = DELAY.matcher(delay.strip());
            if (!matcher.matches()) {
                throw new SettingException("MAILER_RETRY_DELAYS is \"" + text
                        + "\"; write times such as 10s or 1m with commas between them, each longer than the one"
                        + " before, usually 10s,1m,10m.");
            }
            long count = Long.parseLong(matcher.group(1));
            delays.add(matcher.group(2).equals("m") ? Duration.ofMinutes(count) : Duration.ofSeconds(count));
            int last = delays.size() - 1;
            if (delays.get(last).isZero() || (last > 0 && delays.get(last).compareTo(delays.get(last - 1)) <= 0)) {
                throw new SettingException("MAILER_RETRY_DELAYS is \"" + text
                        + "\"; each time must be longer than the one before it, usually 10s,1m,10m.");
            }
        }
        return delays;
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
