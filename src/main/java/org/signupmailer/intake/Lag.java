package org.signupmailer.intake;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.signupmailer.kafka.KafkaSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many records of the events and of each retry topic have no end yet, for the whole group. Asked of the brokers
 * behind the back of whoever scrapes, at most every 10 s and only while somebody does; the scrape gets the last answer.
 */
final class Lag implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Lag.class);
    private static final long FRESH = TimeUnit.SECONDS.toNanos(10);
    private static final int REQUEST_MILLIS = 5_000;

    private final KafkaSettings settings;
    private final Map<String, Long> byTopic = new ConcurrentHashMap<>();
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile long askedAt = System.nanoTime() - FRESH;
    private volatile boolean closed;

    Lag(KafkaSettings settings) {
        this.settings = settings;
    }

    void register(MeterRegistry registry) {
        gauge(registry, "signup.mailer.consumer.lag", "Records of the topic that have no end yet", settings.topic());
        for (String topic : settings.retryTopics()) {
            gauge(registry, "signup.mailer.retry.backlog", "Events that wait in the topic for another try", topic);
        }
    }

    private void gauge(MeterRegistry registry, String name, String description, String topic) {
        Gauge.builder(name, this, lag -> lag.of(topic))
                .description(description)
                .tag("topic", topic)
                .register(registry);
    }

    /** NaN until the brokers have answered once. */
    private double of(String topic) {
        if (System.nanoTime() - askedAt >= FRESH && !closed && asking.compareAndSet(false, true)) {
            Thread thread = new Thread(this::ask, "lag");
            thread.setDaemon(true);
            thread.start();
        }
        Long lag = byTopic.get(topic);
        return lag == null ? Double.NaN : lag;
    }

    private void ask() {
        Map<String, Object> client = settings.client(settings.group() + "-lag");
        client.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
        client.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_MILLIS);
        try (Admin admin = Admin.create(client)) {
            byTopic.putAll(measure(admin));
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            // An old figure would look as if all were well.
            byTopic.clear();
            LOG.debug("The lag could not be asked for", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            askedAt = System.nanoTime();
            asking.set(false);
        }
    }

    private Map<String, Long> measure(Admin admin) throws ExecutionException, InterruptedException, TimeoutException {
        Set<String> wanted = new HashSet<>(settings.retryTopics());
        wanted.add(settings.topic());
        wanted.retainAll(admin.listTopics().names().get(REQUEST_MILLIS, TimeUnit.MILLISECONDS));
        List<TopicPartition> partitions =
                admin
                        .describeTopics(wanted)
                        .allTopicNames()
                        .get(REQUEST_MILLIS, TimeUnit.MILLISECONDS)
                        .values()
                        .stream()
                        .flatMap(Lag::partitions)
                        .toList();
        Map<TopicPartition, Long> ends = offsets(admin, partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> starts = offsets(admin, partitions, OffsetSpec.earliest());
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(settings.group())
                .partitionsToOffsetAndMetadata()
                .get(REQUEST_MILLIS, TimeUnit.MILLISECONDS);
        Map<String, Long> lags = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata done = committed.get(partition);
            long start = starts.getOrDefault(partition, 0L);
            long from = done == null ? start : Math.max(start, done.offset());
            lags.merge(partition.topic(), Math.max(0, ends.getOrDefault(partition, 0L) - from), Long::sum);
        }
        return lags;
    }

    private static Stream<TopicPartition> partitions(TopicDescription topic) {
        return topic.partitions().stream().map(info -> new TopicPartition(topic.name(), info.partition()));
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, List<TopicPartition> partitions, OffsetSpec which)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        admin.listOffsets(partitions.stream().collect(Collectors.toMap(partition -> partition, any -> which)))
                .all()
                .get(REQUEST_MILLIS, TimeUnit.MILLISECONDS)
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    @Override
    public void close() {
        closed = true;
    }
}
