package org.signupmailer.intake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.signupmailer.kafka.KafkaBroker;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.ledger.Ledger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the events ahead of their sending, up to a bound, and commits what has ended. One thread owns the Kafka
 * consumer; it goes on polling whatever happens to the mails, so that the process stays in its group.
 */
final class ReadingLoop {

    private static final Logger LOG = LoggerFactory.getLogger(ReadingLoop.class);
    // Kafka's client waits all that time while nothing may be read.
    private static final Duration POLL = Duration.ofMillis(100);
    // Some hundreds of events. In larger arrays Java's collector finds no place among what is new.
    private static final int FETCH_BYTES = 256 * 1024;
    // After a crash the ledger knows what ended and was not committed. A commit delays the mail that comes meanwhile.
    private static final long COMMIT_EVERY = TimeUnit.SECONDS.toNanos(1);
    private static final Duration HANDOVER = Duration.ofSeconds(10);
    private static final Duration CATCH_UP = Duration.ofSeconds(30);
    // With the brokers gone, a stop is not to wait for Kafka's 30 s.
    private static final Duration GOODBYE = Duration.ofSeconds(3);
    private static final Duration AFTER_ERROR = Duration.ofSeconds(5);

    private final KafkaSettings settings;
    private final String topic;
    private final Set<String> retryTopics;
    private final LedgerWait ledgerWait;
    private final Dispatcher dispatcher;
    private final Consumer<Object> news;
    private final Thread thread;

    private final Map<TopicPartition, PartitionProgress> partitions = new ConcurrentHashMap<>();
    private volatile boolean stopping;
    private volatile boolean drained;
    private volatile boolean suspended;
    private volatile boolean atMost;
    private volatile int assigned;
    private volatile long behind = -1;
    private long lastCommit;
    private long accepted;
    private final ReadAhead readAhead;
    private final Load load;
    private final RetryLooks retryLooks;
    // What was asked of Kafka's client last; null where its partitions have changed since.
    private @Nullable Hold held;

    ReadingLoop(KafkaSettings settings, String topic, Ledger ledger, Dispatcher dispatcher, Consumer<Object> news) {
        this.settings = settings;
        this.topic = topic;
        this.retryTopics = Set.copyOf(settings.retryTopics());
        this.ledgerWait = new LedgerWait(ledger, settings.ledgerTopic(), CATCH_UP);
        this.dispatcher = dispatcher;
        this.news = news;
        this.readAhead = new ReadAhead(settings.readAhead(), settings.concurrency(), System.nanoTime());
        this.load = new Load(System.nanoTime());
        this.retryLooks = new RetryLooks(settings.retryDelays(), System.nanoTime());
        this.thread = new Thread(this::run, "signup-events");
    }

    void start() {
        dispatcher.start();
        thread.start();
    }

    void pause(boolean pause) {
        suspended = pause;
        dispatcher.pause(pause);
    }

    /** Reads no more, lets what is in flight end, commits, and leaves the group. */
    void stop(long timeout, TimeUnit unit) throws InterruptedException {
        stopping = true;
        boolean interrupted = false;
        try {
            if (!dispatcher.stop(timeout, unit)) {
                LOG.warn("Some mails were still on their way when the time to stop was over; they will be sent again");
            }
        } catch (InterruptedException e) {
            // Camel's time for the routes is over. What has ended is committed all the same.
            interrupted = true;
            LOG.warn("Some mails were still on their way when the time to stop was over; they will be sent again");
        }
        drained = true;
        thread.join(GOODBYE.toMillis());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (KafkaBroker broker = new KafkaBroker(settings)) {
            if (!broker.await(() -> stopping) || !broker.ensureTopics(topic, () -> stopping)) {
                return;
            }
        }
        List<String> topics = new ArrayList<>(retryTopics);
        topics.add(topic);
        while (!drained) {
            KafkaConsumer<byte[], byte[]> consumer = null;
            try {
                consumer = new KafkaConsumer<>(consumerSettings());
                held = null;
                consumer.subscribe(topics, new Assignment(consumer));
                while (!drained) {
                    pauseOrResume(consumer);
                    ConsumerRecords<byte[], byte[]> events =
                            consumer.poll(readAhead.isFullForAMoment() ? readAhead.moment() : POLL);
                    ledgerWait.eventsCame(events);
                    events.forEach(this::accept);
                    commitWhatEnded(consumer);
                }
                commitNow(consumer, partitions.keySet());
            } catch (InterruptException e) {
                LOG.debug("Reading was interrupted", e);
                return;
            } catch (KafkaException e) {
                if (!drained) {
                    LOG.error(
                            "Reading from Kafka failed and is tried again in {} s; nothing is lost, the events wait in"
                                    + " the topic: {}",
                            AFTER_ERROR.toSeconds(),
                            e.getMessage());
                    pauseFor(AFTER_ERROR);
                }
            } catch (RuntimeException e) {
                // A mistake of ours must not end the reading; it is said with its place, since nobody foresaw it.
                LOG.error("Reading failed unexpectedly and is tried again in {} s", AFTER_ERROR.toSeconds(), e);
                pauseFor(AFTER_ERROR);
            } finally {
                forget(Set.copyOf(partitions.keySet()));
                close(consumer);
            }
        }
    }

    private static void close(@Nullable KafkaConsumer<byte[], byte[]> consumer) {
        if (consumer == null) {
            return;
        }
        try {
            consumer.close(GOODBYE);
        } catch (KafkaException e) {
            LOG.debug("Leaving the group failed; the brokers notice by themselves", e);
        }
    }

    private Map<String, Object> consumerSettings() {
        Map<String, Object> consumer = settings.reader(settings.group(), FETCH_BYTES);
        consumer.putIfAbsent(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, EvenByTopicAssignor.class.getName());
        // A process that died gives its partitions away after this; with Kafka's 45 s its mails would be that late. It
        // is the least that brokers allow by default (group.min.session.timeout.ms).
        consumer.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 6_000);
        // The others hear with a heartbeat that a process comes or goes; its partitions wait for the last to hear it.
        consumer.putIfAbsent(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 1_000);
        // Not far beyond what is to be read ahead.
        consumer.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, ReadAhead.ENOUGH / 2);
        consumer.put(ConsumerConfig.GROUP_ID_CONFIG, settings.group());
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        consumer.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return consumer;
    }

    private void pauseOrResume(KafkaConsumer<byte[], byte[]> consumer) {
        int open = dispatcher.open();
        long now = System.nanoTime();
        long ended = accepted - open - dispatcher.waiting();
        boolean full = readAhead.isFull(open, ended, now);
        atMost = readAhead.isAtMost();
        if (load.changes(full, ended, now)) {
            news.accept(new LoadChanged(topic, load.isLight()));
        }
        boolean all = suspended || stopping || full;
        Hold hold = new Hold(all, all || dispatcher.enoughRetries() || !retryLooks.isLooking(now));
        if (hold.equals(held)) {
            return;
        }
        held = hold;
        Set<TopicPartition> release = new HashSet<>(consumer.assignment());
        Set<TopicPartition> kept = release.stream()
                .filter(partition -> retryTopics.contains(partition.topic()) ? hold.retries : hold.events)
                .collect(Collectors.toSet());
        release.removeAll(kept);
        consumer.resume(release);
        consumer.pause(kept);
    }

    /** What is not to be read for now. */
    private record Hold(boolean events, boolean retries) {}

    private void accept(ConsumerRecord<byte[], byte[]> raw) {
        PartitionProgress progress = partitions.computeIfAbsent(
                new TopicPartition(raw.topic(), raw.partition()), partition -> new PartitionProgress());
        boolean retried = retryTopics.contains(raw.topic());
        accepted++;
        if (retried) {
            retryLooks.came(System.nanoTime());
        }
        dispatcher.accept(withAllowedHeaders(raw, retried), retried, progress);
    }

    private static ConsumerRecord<byte[], byte[]> withAllowedHeaders(
            ConsumerRecord<byte[], byte[]> raw, boolean retried) {
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
                AllowedHeaders.of(raw.headers(), retried),
                raw.leaderEpoch());
    }

    private void commitWhatEnded(KafkaConsumer<byte[], byte[]> consumer) {
        if (System.nanoTime() - lastCommit < COMMIT_EVERY) {
            return;
        }
        lastCommit = System.nanoTime();
        look(consumer);
        Map<TopicPartition, OffsetAndMetadata> offsets = ended(partitions.keySet());
        if (!offsets.isEmpty()) {
            // A commit that fails is made good by the next one, at the latest by the one at the end.
            consumer.commitAsync(offsets, (done, failure) -> {
                if (failure == null) {
                    committed(done);
                } else {
                    LOG.debug("A commit failed, the next one makes it good", failure);
                }
            });
        }
    }

    // Only this thread may ask the consumer; others read what it found.
    private void look(KafkaConsumer<byte[], byte[]> consumer) {
        long unread = 0;
        int count = 0;
        for (TopicPartition partition : consumer.assignment()) {
            if (partition.topic().equals(topic)) {
                count++;
                OptionalLong lag = consumer.currentLag(partition);
                unread = lag.isEmpty() || unread < 0 ? -1 : unread + lag.getAsLong();
            }
        }
        assigned = count;
        behind = unread;
    }

    String state() {
        if (stopping) {
            return "stopping";
        }
        if (suspended) {
            return "paused: the route is suspended";
        }
        if (assigned == 0) {
            return "waiting for partitions of " + topic;
        }
        return atMost
                ? "paused: as many events are read and not ended as MAILER_READ_AHEAD allows"
                : "reading " + assigned + " partitions of " + topic;
    }

    int inFlight() {
        return dispatcher.open();
    }

    int waiting() {
        return dispatcher.waiting();
    }

    long behind() {
        return behind;
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

    private void commitNow(KafkaConsumer<byte[], byte[]> consumer, Collection<TopicPartition> of) {
        Map<TopicPartition, OffsetAndMetadata> offsets = ended(of);
        if (offsets.isEmpty()) {
            return;
        }
        try {
            consumer.commitSync(offsets, stopping ? GOODBYE : HANDOVER);
            committed(offsets);
        } catch (KafkaException e) {
            LOG.warn(
                    "The last offsets could not be committed; the events behind them will be read again: {}",
                    e.getMessage());
        }
    }

    private void forget(Collection<TopicPartition> lost) {
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

        private final KafkaConsumer<byte[], byte[]> consumer;

        private Assignment(KafkaConsumer<byte[], byte[]> consumer) {
            this.consumer = consumer;
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
            held = null;
            assigned.forEach(partition -> partitions.put(partition, new PartitionProgress()));
            if (assigned.isEmpty()) {
                return;
            }
            ledgerWait.partitionsCame();
            long events = assigned.stream()
                    .filter(partition -> partition.topic().equals(topic))
                    .count();
            news.accept(new ReadingBegan(topic, (int) events));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
            held = null;
            for (TopicPartition partition : revoked) {
                PartitionProgress progress = partitions.get(partition);
                if (progress != null) {
                    progress.revoke();
                }
            }
            awaitInFlight(revoked);
            commitNow(consumer, revoked);
            forget(revoked);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> lost) {
            held = null;
            forget(lost);
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
