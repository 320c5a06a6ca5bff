package org.signupmailer.intake;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.signupmailer.delivery.Delivery;
import org.signupmailer.event.EventReader;
import org.signupmailer.event.InvalidEventException;
import org.signupmailer.event.SignupEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the events ahead of their sending, up to a bound, hands them to the lanes and commits what has ended. One
 * thread owns the Kafka consumer; it goes on polling whatever happens to the mails, so that the process stays in its
 * group.
 */
final class ReadingLoop {

    private static final Logger LOG = LoggerFactory.getLogger(ReadingLoop.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long COMMIT_EVERY = TimeUnit.MILLISECONDS.toNanos(200);
    private static final Duration HANDOVER = Duration.ofSeconds(10);
    private static final Duration AFTER_ERROR = Duration.ofSeconds(5);

    private final KafkaSettings settings;
    private final String topic;
    private final EventReader reader;
    private final Clock clock;
    private final RecipientLanes lanes;
    private final Consumer<Delivery> deliver;
    private final Thread thread;

    private final Map<TopicPartition, PartitionProgress> partitions = new ConcurrentHashMap<>();
    private final AtomicInteger open = new AtomicInteger();
    private volatile boolean stopping;
    private volatile boolean drained;
    private volatile boolean suspended;
    private boolean paused;
    private long lastCommit;
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;

    ReadingLoop(
            KafkaSettings settings,
            String topic,
            EventReader reader,
            Clock clock,
            RecipientLanes lanes,
            Consumer<Delivery> deliver) {
        this.settings = settings;
        this.topic = topic;
        this.reader = reader;
        this.clock = clock;
        this.lanes = lanes;
        this.deliver = deliver;
        this.thread = new Thread(this::run, "signup-events");
    }

    void start() {
        thread.start();
    }

    void pause(boolean pause) {
        suspended = pause;
        lanes.pause(pause);
    }

    /** Reads no more, lets what is in flight end, commits, and leaves the group. */
    void stop(long timeout, TimeUnit unit) throws InterruptedException {
        stopping = true;
        if (!lanes.stop(timeout, unit)) {
            LOG.warn("Some mails were still on their way when the time to stop was over; they will be sent again");
        }
        drained = true;
        thread.join(unit.toMillis(timeout));
    }

    private void run() {
        try (KafkaBroker broker = new KafkaBroker(settings)) {
            if (!broker.await(() -> stopping)
                    || !broker.ensureTopics(List.of(topic, settings.deadLetterTopic()), () -> stopping)) {
                return;
            }
        }
        while (!drained) {
            try (KafkaConsumer<byte[], byte[]> opened = new KafkaConsumer<>(consumerSettings())) {
                consumer = opened;
                opened.subscribe(List.of(topic), new Assignment());
                while (!drained) {
                    pauseOrResume(opened);
                    opened.poll(POLL).forEach(this::accept);
                    commitWhatEnded(opened);
                }
                commitNow(opened, partitions.keySet());
            } catch (WakeupException | InterruptException e) {
                LOG.debug("Reading was interrupted", e);
                return;
            } catch (KafkaException e) {
                if (!drained) {
                    LOG.error(
                            "Reading from Kafka failed and is tried again in {} s; nothing is lost, the events wait in"
                                    + " the topic: {}",
                            AFTER_ERROR.toSeconds(),
                            e.getMessage());
                    revoke(Set.copyOf(partitions.keySet()));
                    pauseFor(AFTER_ERROR);
                }
            }
        }
    }

    private Map<String, Object> consumerSettings() {
        Map<String, Object> consumer = settings.client(settings.group());
        consumer.putIfAbsent(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, CooperativeStickyAssignor.class.getName());
        consumer.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        consumer.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return consumer;
    }

    private void pauseOrResume(KafkaConsumer<byte[], byte[]> opened) {
        boolean full = open.get() >= (paused ? settings.readAhead() / 2 + 1 : settings.readAhead());
        boolean pause = suspended || stopping || full;
        if (pause) {
            opened.pause(opened.assignment());
        } else if (paused) {
            opened.resume(opened.paused());
        }
        paused = pause;
    }

    private void accept(ConsumerRecord<byte[], byte[]> raw) {
        TopicPartition partition = new TopicPartition(raw.topic(), raw.partition());
        PartitionProgress progress = partitions.computeIfAbsent(partition, p -> new PartitionProgress());
        progress.read(raw.offset());
        open.incrementAndGet();
        ConsumerRecord<byte[], byte[]> record = withAllowedHeaders(raw);
        Delivery delivery;
        String lane;
        try {
            SignupEvent event = reader.read(record.headers(), record.value());
            delivery = Delivery.of(record, event, clock.instant());
            lane = event.recipientKey();
        } catch (InvalidEventException e) {
            delivery = Delivery.of(record, e, clock.instant());
            // Nobody waits behind it: it has no recipient.
            lane = "#" + raw.partition() + '@' + raw.offset();
        }
        Delivery read = delivery;
        lanes.submit(lane, () -> {
            try {
                if (progress.begin()) {
                    try {
                        deliver.accept(read);
                        if (read.hasEnded()) {
                            progress.ended(raw.offset());
                        }
                    } finally {
                        progress.done();
                    }
                }
            } finally {
                open.decrementAndGet();
            }
        });
    }

    private static ConsumerRecord<byte[], byte[]> withAllowedHeaders(ConsumerRecord<byte[], byte[]> raw) {
        return new ConsumerRecord<>(
                raw.topic(),
                raw.partition(),
                raw.offset(),
                raw.timestamp(),
                raw.timestampType(),
                raw.serializedKeySize(),
                raw.serializedValueSize(),
                raw.key(),
                raw.value(),
                AllowedHeaders.of(raw.headers()),
                raw.leaderEpoch());
    }

    private void commitWhatEnded(KafkaConsumer<byte[], byte[]> opened) {
        if (System.nanoTime() - lastCommit < COMMIT_EVERY) {
            return;
        }
        lastCommit = System.nanoTime();
        Map<TopicPartition, OffsetAndMetadata> offsets = ended(partitions.keySet());
        if (!offsets.isEmpty()) {
            // A commit that fails is made good by the next one, at the latest by the one at the end.
            opened.commitAsync(offsets, (done, failure) -> {
                if (failure == null) {
                    committed(done);
                } else {
                    LOG.debug("A commit failed, the next one makes it good", failure);
                }
            });
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> ended(Collection<TopicPartition> of) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (TopicPartition partition : of) {
            PartitionProgress progress = partitions.get(partition);
            long offset = progress == null ? -1 : progress.toCommit();
            if (offset >= 0) {
                offsets.put(partition, new OffsetAndMetadata(offset));
            }
        }
        return offsets;
    }

    private void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> {
            PartitionProgress progress = partitions.get(partition);
            if (progress != null) {
                progress.committed(offset.offset());
            }
        });
    }

    private void commitNow(KafkaConsumer<byte[], byte[]> opened, Collection<TopicPartition> of) {
        Map<TopicPartition, OffsetAndMetadata> offsets = ended(of);
        if (offsets.isEmpty()) {
            return;
        }
        try {
            opened.commitSync(offsets, HANDOVER);
            committed(offsets);
        } catch (KafkaException e) {
            LOG.warn(
                    "The last offsets could not be committed; the events behind them will be read again: {}",
                    e.getMessage());
        }
    }

    private void revoke(Collection<TopicPartition> lost) {
        for (TopicPartition partition : lost) {
            PartitionProgress progress = partitions.remove(partition);
            if (progress != null) {
                progress.revoke();
            }
        }
    }

    private void pauseFor(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (!drained && System.nanoTime() < until) {
            try {
                TimeUnit.MILLISECONDS.sleep(POLL.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    /** Partitions come and go; what is in flight on one that goes is waited for, so that nobody mails it twice. */
    private final class Assignment implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            assigned.forEach(partition -> partitions.put(partition, new PartitionProgress()));
            if (!assigned.isEmpty()) {
                LOG.info("Reading {} (group {})", assigned, settings.group());
            }
            paused = false;
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            KafkaConsumer<byte[], byte[]> opened = consumer;
            for (TopicPartition partition : revoked) {
                PartitionProgress progress = partitions.get(partition);
                if (progress != null) {
                    progress.revoke();
                }
            }
            if (opened != null) {
                awaitInFlight(revoked);
                commitNow(opened, revoked);
            }
            revoke(revoked);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            revoke(lost);
        }

        private void awaitInFlight(Collection<TopicPartition> revoked) {
            long deadline = System.nanoTime() + HANDOVER.toNanos();
            try {
                for (TopicPartition partition : revoked) {
                    PartitionProgress progress = partitions.get(partition);
                    if (progress != null) {
                        progress.awaitDone(deadline);
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
