package org.signupmailer.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for a broker that is not there yet, and creates the topics that do not exist. */
public final class KafkaBroker implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaBroker.class);
    private static final long SAY_EVERY = TimeUnit.SECONDS.toNanos(15);
    private static final int REQUEST_MILLIS = 2_000;
    private static final int PARTITIONS = 6;
    private static final String DEAD_LETTER_BYTES = String.valueOf(8 * 1024 * 1024);
    private static final String THIRTY_DAYS = String.valueOf(Duration.ofDays(30).toMillis());

    private final KafkaSettings settings;
    private @Nullable Admin opened;

    public KafkaBroker(KafkaSettings settings) {
        this.settings = settings;
    }

    // A host name that nobody knows yet is refused by the client at once; it is a broker that is not there yet.
    private Admin admin() {
        Admin known = opened;
        if (known != null) {
            return known;
        }
        Map<String, Object> client = settings.client(settings.group() + "-admin");
        client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
        client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
        Admin fresh = Admin.create(client);
        opened = fresh;
        return fresh;
    }

    /** Waits until a broker answers; false when {@code stop} came true first. */
    public boolean await(BooleanSupplier stop) {
        long said = System.nanoTime() - SAY_EVERY;
        while (!stop.getAsBoolean()) {
            try {
                admin().describeCluster().nodes().get(REQUEST_MILLIS, TimeUnit.MILLISECONDS);
                return true;
            } catch (ExecutionException | TimeoutException | KafkaException e) {
                if (opened == null && !pause()) {
                    return false;
                }
                if (System.nanoTime() - said >= SAY_EVERY) {
                    said = System.nanoTime();
                    LOG.warn(
                            "No Kafka broker answers at {} yet; waiting for it. If that is the wrong place, set"
                                    + " KAFKA_BROKERS to host:port.",
                            settings.brokers());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private static boolean pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(REQUEST_MILLIS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Tries once to create those that are missing. */
    public void createMissing(String events) {
        AtomicBoolean tried = new AtomicBoolean();
        ensureTopics(events, () -> tried.getAndSet(true));
    }

    /** Creates those that are missing; false when {@code stop} came true first. */
    public boolean ensureTopics(String events, BooleanSupplier stop) {
        List<String> topics = new ArrayList<>(List.of(events, settings.deadLetterTopic(), settings.ledgerTopic()));
        topics.addAll(settings.retryTopics());
        long said = System.nanoTime() - SAY_EVERY;
        while (!stop.getAsBoolean()) {
            try {
                List<String> missing = missing(topics);
                if (missing.isEmpty()) {
                    return true;
                }
                create(missing);
                LOG.info("Created the topics {}", missing);
                return true;
            } catch (ExecutionException | TimeoutException e) {
                if (System.nanoTime() - said >= SAY_EVERY) {
                    said = System.nanoTime();
                    LOG.warn(
                            "The topics {} do not all exist and can't be created ({}); create them, or allow the user of"
                                    + " signup-mailer to. Trying again.",
                            topics,
                            e.getCause() == null
                                    ? "no answer in time"
                                    : e.getCause().getMessage());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    private List<String> missing(Collection<String> topics)
            throws ExecutionException, InterruptedException, TimeoutException {
        var there = admin().listTopics().names().get(REQUEST_MILLIS, TimeUnit.MILLISECONDS);
        return topics.stream().filter(topic -> !there.contains(topic)).toList();
    }

    private void create(List<String> topics) throws ExecutionException, InterruptedException, TimeoutException {
        List<NewTopic> wanted = topics.stream().map(this::describe).toList();
        try {
            admin().createTopics(wanted).all().get(REQUEST_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            // Another process of the group may have been quicker.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private NewTopic describe(String topic) {
        // One partition is one batch for all that is recorded at a time, which cost the broker a third of six; and it
        // is enough for far more mails than relays take, since an entry has 300 bytes and no consumer group reads it.
        int partitions = topic.equals(settings.ledgerTopic()) ? 1 : PARTITIONS;
        NewTopic wanted = new NewTopic(topic, Optional.of(partitions), Optional.empty());
        if (topic.equals(settings.deadLetterTopic())) {
            // Dead letters hold the whole event and its story, so they may be larger, and are kept longer than events.
            return wanted.configs(Map.of("max.message.bytes", DEAD_LETTER_BYTES, "retention.ms", THIRTY_DAYS));
        }
        if (topic.equals(settings.ledgerTopic())) {
            return wanted.configs(Map.of(
                    "cleanup.policy",
                    "compact,delete",
                    "retention.ms",
                    String.valueOf(KafkaSettings.LEDGER_KEPT.toMillis())));
        }
        return wanted;
    }

    @Override
    public void close() {
        if (opened != null) {
            opened.close(Duration.ofSeconds(1));
        }
    }
}
