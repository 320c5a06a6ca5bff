package org.signupmailer.topic;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.signupmailer.kafka.KafkaSettings;

/** Reads what is in a topic now, without a consumer group and without leaving a trace. */
public final class TopicReader implements AutoCloseable {

    private static final Duration REQUEST = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final KafkaSettings settings;
    private final String topic;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * Opens a client; nothing is read yet.
     *
     * @throws IOException with a sentence for the operator
     */
    public TopicReader(KafkaSettings settings, String topic) throws IOException {
        this.settings = settings;
        this.topic = topic;
        Map<String, Object> client = settings.client(settings.group() + "-reader");
        client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        client.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        client.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        client.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2000);
        // At the end of the topic nothing more is waited for.
        client.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
        client.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        client.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        try {
            consumer = new KafkaConsumer<>(client);
        } catch (KafkaException e) {
            throw problem(e);
        }
    }

    /** Takes records in order within each partition. */
    public interface Taker {
        /**
         * Takes one.
         *
         * @throws IOException with a sentence for the operator, which ends the reading
         */
        void take(ConsumerRecord<byte[], byte[]> record) throws IOException;
    }

    /**
     * Whether the topic is there; false leaves nothing to be read.
     *
     * @throws IOException with a sentence for the operator
     */
    public boolean exists() throws IOException {
        try {
            return !partitions().isEmpty();
        } catch (KafkaException e) {
            throw problem(e);
        }
    }

    /**
     * Reads from the records of that time, or from the first one, to what is the last one now.
     *
     * @throws IOException with a sentence for the operator
     */
    public void read(@Nullable Instant since, BooleanSupplier stop, Taker taker) throws IOException {
        read((partitions, ends) -> seek(partitions, ends, since), stop, taker);
    }

    /**
     * Where the partitions end now, to read on from there.
     *
     * @throws IOException with a sentence for the operator
     */
    public Map<Integer, Long> ends() throws IOException {
        try {
            Map<Integer, Long> ends = new HashMap<>();
            consumer.endOffsets(partitions(), REQUEST)
                    .forEach((partition, end) -> ends.put(partition.partition(), end));
            return ends;
        } catch (KafkaException e) {
            throw problem(e);
        }
    }

    /**
     * Reads on from where another reading ended.
     *
     * @param next the offset to begin with for each partition; those that it does not name are read from their beginning
     * @return where this reading has ended
     * @throws IOException with a sentence for the operator
     */
    public Map<Integer, Long> readOn(Map<Integer, Long> next, Taker taker) throws IOException {
        Map<Integer, Long> ended = new HashMap<>();
        read(
                (partitions, ends) -> {
                    consumer.seekToBeginning(partitions);
                    for (TopicPartition partition : partitions) {
                        Long known = next.get(partition.partition());
                        if (known != null) {
                            consumer.seek(partition, known);
                        }
                    }
                    ends.forEach((partition, end) -> ended.put(partition.partition(), end));
                },
                () -> false,
                taker);
        return ended;
    }

    /** Where to begin. */
    private interface Start {
        void seek(List<TopicPartition> partitions, Map<TopicPartition, Long> ends);
    }

    private void read(Start start, BooleanSupplier stop, Taker taker) throws IOException {
        try {
            List<TopicPartition> partitions = partitions();
            if (partitions.isEmpty()) {
                throw new IOException(
                        "There is no topic " + topic + " at " + settings.brokers()
                                + ": nothing has been written to it yet, or SIGNUP_TOPIC or KAFKA_BROKERS names another place.");
            }
            consumer.assign(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, REQUEST);
            start.seek(partitions, ends);
            long heard = System.nanoTime();
            while (!stop.getAsBoolean() && !isRead(ends)) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    heard = System.nanoTime();
                    Long end = ends.get(new TopicPartition(record.topic(), record.partition()));
                    if (end != null && record.offset() < end) {
                        taker.take(record);
                    }
                    if (stop.getAsBoolean()) {
                        return;
                    }
                }
                if (System.nanoTime() - heard > SILENCE.toNanos()) {
                    throw new TimeoutException("no answer in time");
                }
            }
        } catch (KafkaException e) {
            throw problem(e);
        }
    }

    private List<TopicPartition> partitions() {
        try {
            List<PartitionInfo> infos = consumer.partitionsFor(topic, REQUEST);
            return infos == null
                    ? List.of()
                    : infos.stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
        } catch (UnknownTopicOrPartitionException e) {
            return List.of();
        }
    }

    private void seek(List<TopicPartition> partitions, Map<TopicPartition, Long> ends, @Nullable Instant since) {
        consumer.seekToBeginning(partitions);
        if (since == null) {
            return;
        }
        Map<TopicPartition, Long> times = new HashMap<>();
        partitions.forEach(partition -> times.put(partition, Math.max(0, since.toEpochMilli())));
        Map<TopicPartition, OffsetAndTimestamp> starts = consumer.offsetsForTimes(times, REQUEST);
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp start = starts.get(partition);
            consumer.seek(partition, start == null ? ends.getOrDefault(partition, 0L) : start.offset());
        }
    }

    private boolean isRead(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey(), REQUEST) >= end.getValue());
    }

    private IOException problem(KafkaException e) {
        if (e instanceof TimeoutException) {
            return new IOException(
                    "No Kafka broker answers at " + settings.brokers()
                            + "; start it, or set KAFKA_BROKERS to host:port of one that runs.",
                    e);
        }
        if (e instanceof AuthenticationException || e instanceof AuthorizationException) {
            return new IOException(
                    "The broker at " + settings.brokers() + " does not let this user read the topic " + topic
                            + "; check mailer.kafka.properties and the user's rights.",
                    e);
        }
        return new IOException(
                "The topic " + topic + " can't be read (" + Plain.text(e.getMessage())
                        + "); check KAFKA_BROKERS and mailer.kafka.properties.",
                e);
    }

    @Override
    public void close() {
        try {
            consumer.close(Duration.ofSeconds(2));
        } catch (KafkaException e) {
            // Read is what was read; it belongs to no group that would have to know.
            return;
        }
    }
}
