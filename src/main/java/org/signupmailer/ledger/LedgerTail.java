package org.signupmailer.ledger;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.signupmailer.kafka.KafkaBroker;
import org.signupmailer.kafka.KafkaSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the ledger and goes on with what all processes add to it. Of a long one the newest entries are read first: they
 * tell of what may be read again after a crash, and nothing that was published since can be known to the older ones.
 */
final class LedgerTail implements AutoCloseable {

    static final String END = "end";
    static final String RELAY = "relay";

    private static final Logger LOG = LoggerFactory.getLogger(LedgerTail.class);
    private static final Duration POLL = Duration.ofMillis(100);
    /**
     * Between two looks at what others have added, while nobody asks: one by one, entries cost a fifth of the process. No
     * fetch waits at the brokers meanwhile, which whoever asks would have to wait for.
     */
    private static final Duration REST = Duration.ofMillis(500);
    /** So many entries at once come while there are more behind them. */
    private static final int MANY = 500;

    private static final Duration AFTER_ERROR = Duration.ofSeconds(1);
    private static final Duration REQUEST = Duration.ofSeconds(5);
    /** So far may the clocks of processes and publishers be apart, in milliseconds. */
    private static final long CLOCKS = TimeUnit.MINUTES.toMillis(1);

    private static final long NEVER = Long.MAX_VALUE;
    private static final long ALWAYS = Long.MIN_VALUE;

    private final KafkaSettings settings;
    private final AcceptedIds ids;
    private final QuotaUse quotaUse;
    private final long newestEntries;
    private final Queue<Request> requests = new ConcurrentLinkedQueue<>();
    private final Semaphore asked = new Semaphore(0);
    private volatile boolean needed;
    // All that relays accepted since then is known, in milliseconds from 1970.
    private volatile long knownSince = NEVER;
    // Its thread is there while there is much to read.
    private final ThreadPoolExecutor taking =
            new ThreadPoolExecutor(0, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), LedgerTail::thread);
    private CompletableFuture<@Nullable Void> taken = CompletableFuture.completedFuture(null);
    private volatile boolean stopping;
    private @Nullable Thread thread;

    /** @param newestEntries how many are read before all others */
    LedgerTail(KafkaSettings settings, AcceptedIds ids, QuotaUse quotaUse, long newestEntries) {
        this.settings = settings;
        this.ids = ids;
        this.quotaUse = quotaUse;
        this.newestEntries = newestEntries;
    }

    /** Somebody who waits until what was there when he asked is read: the newest of it, or all. */
    private static final class Request {
        private final CountDownLatch newest = new CountDownLatch(1);
        private final CountDownLatch all = new CountDownLatch(1);
        private @Nullable Map<TopicPartition, Long> ends;
    }

    /** Leaves an entry's value where it is: all that is asked for here is in its key and headers. */
    private static final class Unread implements Deserializer<@Nullable Object> {

        @Override
        public @Nullable Object deserialize(String topic, byte[] value) {
            return null;
        }

        @Override
        public @Nullable Object deserialize(String topic, Headers headers, ByteBuffer value) {
            return null;
        }
    }

    boolean catchUp(Duration within) throws InterruptedException {
        return ask().all.await(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    boolean catchUpWithNewest(Duration within) throws InterruptedException {
        return ask().newest.await(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Request ask() {
        Request request = new Request();
        needed = true;
        requests.add(request);
        asked.release();
        begin();
        return request;
    }

    /** Whether it is known of an event that was published then if a relay has accepted it. */
    boolean tells(long publishedMillis) {
        long since = knownSince;
        return since == ALWAYS || (since != NEVER && publishedMillis >= since + CLOCKS);
    }

    /** What somebody asks for later is then read sooner. Until then nothing is created, and nothing said. */
    synchronized void begin() {
        if (thread == null && !stopping) {
            Thread started = thread(this::run);
            started.start();
            thread = started;
        }
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "ledger");
        thread.setDaemon(true);
        return thread;
    }

    private void run() {
        while (!stopping) {
            try (KafkaConsumer<byte[], ?> consumer =
                    new KafkaConsumer<>(consumerSettings(), new ByteArrayDeserializer(), new Unread())) {
                List<TopicPartition> partitions = partitions(consumer);
                if (partitions.isEmpty()) {
                    rest(AFTER_ERROR);
                    continue;
                }
                settle();
                quotaUse.beginAgain();
                read(consumer, partitions);
            } catch (InterruptException e) {
                return;
            } catch (RuntimeException e) {
                if (needed) {
                    LOG.warn(
                            "The ledger {} can't be read and is tried again: {}",
                            settings.ledgerTopic(),
                            e.getMessage());
                }
                // What was promised in terms of the old reading is asked anew.
                requests.forEach(request -> request.ends = null);
                rest(AFTER_ERROR);
            }
        }
    }

    private Map<String, Object> consumerSettings() {
        Map<String, Object> consumer = settings.reader(settings.group() + "-ledger");
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        // A broker that creates what is asked for would create it without what makes it a ledger.
        consumer.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5000);
        // An answer of a megabyte is an object that Java's collector gives places of its own, and collects by itself.
        consumer.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 256 * 1024);
        return consumer;
    }

    private List<TopicPartition> partitions(KafkaConsumer<byte[], ?> consumer) {
        List<PartitionInfo> infos = consumer.partitionsFor(settings.ledgerTopic(), REQUEST);
        if (infos == null || infos.isEmpty()) {
            if (!needed) {
                return List.of();
            }
            // Created at the start and deleted meanwhile. Whoever waits for it has events that nobody mails until then.
            try (KafkaBroker broker = new KafkaBroker(settings)) {
                broker.createMissing(settings.topic());
            }
            throw new KafkaException("the topic does not exist");
        }
        return infos.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private void read(KafkaConsumer<byte[], ?> consumer, List<TopicPartition> partitions) {
        Map<TopicPartition, Long> begins = consumer.beginningOffsets(partitions, REQUEST);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, REQUEST);
        LedgerPart newest = LedgerPart.newest(begins, ends, newestEntries);
        LedgerPart older = LedgerPart.before(newest, begins);
        LedgerPart part = newest;
        Map<TopicPartition, Long> firsts = new HashMap<>();
        part.goOn(consumer);
        while (!stopping) {
            ConsumerRecords<byte[], ?> entries = consumer.poll(POLL);
            taken.join();
            if (part == newest && knownSince != ALWAYS) {
                entries.partitions()
                        .forEach(one -> firsts.computeIfAbsent(one, first -> latest(entries.records(first))));
            }
            take(entries, part);
            part.wasRead(consumer);
            if (newest.isRead(ends)) {
                // Of the partition that is known for the shortest time.
                long since =
                        firsts.values().stream().mapToLong(first -> first).max().orElse(NEVER);
                isKnown(older.isRead() ? ALWAYS : since);
            }
            LedgerPart wanted = older.isRead() || isAwaited(newest, ends) ? newest : older;
            if (wanted != part) {
                part = wanted;
                part.goOn(consumer);
            }
            answer(consumer, partitions, newest, older);
            if (newest.isRead(ends) && older.isRead() && requests.isEmpty() && entries.count() < MANY) {
                rest(REST);
            }
        }
    }

    // Of all of them: one may have come long after it was made.
    private static long latest(List<? extends ConsumerRecord<byte[], ?>> entries) {
        return entries.stream().mapToLong(ConsumerRecord::timestamp).max().orElse(NEVER);
    }

    private void isKnown(long since) {
        if (since < knownSince) {
            taken.join();
            knownSince = since;
        }
    }

    // What was read of it so far does not do for all.
    private boolean isAwaited(LedgerPart newest, Map<TopicPartition, Long> ends) {
        return !newest.isRead(ends)
                || requests.stream().anyMatch(request -> request.ends != null && !newest.isRead(request.ends));
    }

    private void take(ConsumerRecords<byte[], ?> entries, LedgerPart part) {
        if (entries.count() < MANY) {
            takeNow(entries, part);
        } else {
            // Taken in while the next ones are fetched, which is as much work: a start waits for it.
            taken = CompletableFuture.runAsync(() -> takeNow(entries, part), taking);
        }
    }

    /** Waits for what is still being taken in, of a reading that failed too. */
    private void settle() {
        taken.exceptionally(failure -> null).join();
        taken = CompletableFuture.completedFuture(null);
    }

    private void takeNow(ConsumerRecords<byte[], ?> entries, LedgerPart part) {
        for (TopicPartition partition : entries.partitions()) {
            long end = part.end(partition);
            for (ConsumerRecord<byte[], ?> entry : entries.records(partition)) {
                if (entry.offset() < end) {
                    takeNow(entry);
                }
            }
        }
    }

    private void takeNow(ConsumerRecord<byte[], ?> entry) {
        byte[] end = null;
        byte[] relay = null;
        // Once through them, for millions of entries; the last of a name counts.
        for (Header header : entry.headers()) {
            switch (header.key()) {
                case END -> end = header.value();
                case RELAY -> relay = header.value();
                default -> {}
            }
        }
        if (entry.key() != null && Ledger.isAcceptance(end)) {
            ids.add(entry.key(), entry.timestamp());
            if (relay != null) {
                quotaUse.accepted(new String(relay, StandardCharsets.UTF_8), Instant.ofEpochMilli(entry.timestamp()));
            }
        }
    }

    private void answer(
            KafkaConsumer<byte[], ?> consumer, List<TopicPartition> partitions, LedgerPart newest, LedgerPart older) {
        for (Request request : List.copyOf(requests)) {
            Map<TopicPartition, Long> ends = request.ends;
            if (ends == null) {
                ends = consumer.endOffsets(partitions, REQUEST);
                request.ends = ends;
            }
            if (!newest.isRead(ends)) {
                continue;
            }
            if (request.newest.getCount() > 0) {
                taken.join();
                request.newest.countDown();
            }
            if (older.isRead()) {
                taken.join();
                requests.remove(request);
                request.all.countDown();
            }
        }
    }

    /** Until then, or until somebody asks. */
    private void rest(Duration atMost) {
        try {
            if (asked.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                asked.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping = true;
        }
    }

    @Override
    public void close() {
        stopping = true;
        asked.release();
    }
}
