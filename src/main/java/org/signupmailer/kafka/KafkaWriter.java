package org.signupmailer.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records that must not be lost: one is on the brokers, all replicas of it, when {@link #write} returns, or when
 * what {@link #begin} returned is {@linkplain Sent#confirm confirmed}.
 */
public final class KafkaWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaWriter.class);

    private static final int TOGETHER = 2048;
    private static final int MOST_BYTES = 8 * 1024 * 1024;
    private static final int BLOCK_MILLIS = 10_000;
    private static final int DELIVERY_MILLIS = 25_000;
    private static final Duration TIMEOUT = Duration.ofMillis(BLOCK_MILLIS + DELIVERY_MILLIS);

    private static final long LOOK_AGAIN = TimeUnit.SECONDS.toNanos(10);

    private final KafkaSettings settings;
    private final Duration timeout;
    private final Lock looking = new ReentrantLock();
    private final Set<Sent> onTheirWay = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "kafka-writer-watch");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean closed;
    private @Nullable KafkaProducer<byte[], byte[]> producer;
    // Guarded by this object's lock.
    private boolean watching;
    // Guarded by "looking".
    private long lookedForTopics = System.nanoTime() - LOOK_AGAIN;

    public KafkaWriter(KafkaSettings settings) {
        this(settings, TIMEOUT);
    }

    /** @param timeout after which Kafka's client is taken for dead if it has not said what became of a record */
    KafkaWriter(KafkaSettings settings, Duration timeout) {
        this.settings = settings;
        this.timeout = timeout;
    }

    /** The brokers will not take a record of this size, however often they are asked. */
    public static final class TooLarge extends IOException {

        private static final long serialVersionUID = 1L;

        TooLarge(String topic) {
            super("the topic " + topic + " does not take a record of this size; raise its max.message.bytes");
        }
    }

    /** Connects ahead of the first record, so that it is written as fast as the others. Waits up to 10 s. */
    public void prepare(String topic) {
        try {
            producer().partitionsFor(topic);
        } catch (KafkaException e) {
            LOG.debug("Not connected for {} yet; the first record finds out more", topic, e);
        }
    }

    /**
     * Writes one record.
     *
     * @return where it stands
     * @throws TooLarge when the record is larger than the topic allows
     * @throws IOException when the brokers do not confirm it in time
     */
    public RecordMetadata write(ProducerRecord<byte[], byte[]> record) throws IOException {
        return begin(record).confirm();
    }

    /**
     * Hands one record to Kafka's client and does not wait for the brokers; up to 10 s while the client has no room for
     * it, or does not know its topic yet. Whatever fails, what is returned tells it.
     */
    public Sent begin(ProducerRecord<byte[], byte[]> record) {
        Sent sent = new Sent(record);
        KafkaProducer<byte[], byte[]> open = null;
        try {
            open = producer();
            sent.by = open;
            onTheirWay.add(sent);
            Future<RecordMetadata> unused = open.send(record, (where, failure) -> {
                if (failure == null) {
                    onTheirWay.remove(sent);
                    sent.written.complete(where);
                } else {
                    sent.failed(failure);
                }
            });
        } catch (InterruptException e) {
            // Says nothing of the producer, which others go on using.
            sent.failed(e);
        } catch (RuntimeException e) {
            // Also where no producer can be made, since no name of a broker can be looked up just now.
            sent.failed(e);
            if (open != null) {
                // One that failed for good does not recover; the next record gets a new one.
                replace(open);
                close(open);
            }
        }
        return sent;
    }

    // Kafka's client tells of every record within its delivery time, but by a thread that an Error ends: then nobody
    // would ever hear, and no mail's place be given on.
    private void giveUpTheOverdue() {
        long now = System.nanoTime();
        List<Sent> overdue = new ArrayList<>();
        for (Sent sent : onTheirWay) {
            if (now - sent.begun >= timeout.toNanos()) {
                overdue.add(sent);
            }
        }
        if (overdue.isEmpty()) {
            return;
        }
        LOG.error(
                "Kafka's client has not said for {} s what became of {} records; it is replaced by a new one, and they are"
                        + " written again",
                timeout.toSeconds(),
                overdue.size());
        Set<KafkaProducer<byte[], byte[]>> silent = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Sent sent : overdue) {
            KafkaProducer<byte[], byte[]> by = sent.by;
            if (by != null && silent.add(by)) {
                replace(by);
            }
            sent.failed(new org.apache.kafka.common.errors.TimeoutException("no answer in time"));
        }
        // Closing waits for the client's thread, which may stand still rather than be dead.
        silent.forEach(by -> {
            Thread closing = new Thread(() -> close(by), "kafka-writer-close");
            closing.setDaemon(true);
            closing.start();
        });
    }

    /** A record on its way to the brokers. */
    public final class Sent {

        private final ProducerRecord<byte[], byte[]> record;
        private final CompletableFuture<RecordMetadata> written = new CompletableFuture<>();
        private final long begun = System.nanoTime();
        private @Nullable KafkaProducer<byte[], byte[]> by;

        private Sent(ProducerRecord<byte[], byte[]> record) {
            this.record = record;
        }

        private void failed(Exception why) {
            onTheirWay.remove(this);
            written.completeExceptionally(why);
        }

        /**
         * Completes, never with an exception, when the brokers have confirmed the record, or are not going to: then
         * {@link #confirm} says why. That is on the thread that all records go through, which must not be held up.
         */
        public CompletableFuture<Boolean> settled() {
            return written.handle((where, failure) -> failure == null);
        }

        /**
         * Waits until the brokers have confirmed it. A topic that is missing is created meanwhile, for the next try.
         *
         * @return where it stands
         * @throws TooLarge when the record is larger than the topic allows
         * @throws IOException when the brokers do not confirm it in time
         */
        public RecordMetadata confirm() throws IOException {
            try {
                return written.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RecordTooLargeException) {
                    throw new TooLarge(record.topic());
                }
                if (!(e.getCause() instanceof InterruptException)) {
                    createIfMissing(record.topic());
                }
                throw failure(record, e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw failure(record, e);
            } catch (TimeoutException e) {
                throw failure(record, e);
            }
        }
    }

    // Topics are created at the start; one that somebody deleted meanwhile would otherwise hold up all mails for ever.
    private void createIfMissing(String topic) {
        // With the brokers away this takes ten seconds: a stop that comes meanwhile must not wait for it.
        if (closed || !looking.tryLock()) {
            return;
        }
        try {
            if (System.nanoTime() - lookedForTopics < LOOK_AGAIN) {
                return;
            }
            try (KafkaBroker broker = new KafkaBroker(settings)) {
                broker.createMissing(settings.topic());
            } catch (KafkaException e) {
                LOG.debug("Whether the topic {} exists could not be found out", topic, e);
            }
            lookedForTopics = System.nanoTime();
        } finally {
            looking.unlock();
        }
    }

    private static IOException failure(ProducerRecord<?, ?> record, @Nullable Throwable cause) {
        String why = cause == null || cause.getMessage() == null ? "no answer in time" : cause.getMessage();
        return new IOException("the topic " + record.topic() + " does not take it: " + why, cause);
    }

    private synchronized KafkaProducer<byte[], byte[]> producer() {
        KafkaProducer<byte[], byte[]> open = producer;
        if (closed) {
            throw new KafkaException("signup-mailer is stopping");
        }
        if (open == null) {
            if (!watching) {
                watching = true;
                long look = Math.max(1, timeout.toMillis() / 7);
                Future<?> unused =
                        watch.scheduleWithFixedDelay(this::giveUpTheOverdue, look, look, TimeUnit.MILLISECONDS);
            }
            Map<String, Object> client = settings.client(settings.group() + "-writer");
            client.put(ProducerConfig.ACKS_CONFIG, "all");
            client.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
            // What ends within a millisecond travels together, or eight ends, if they are there sooner: half the work
            // for busy brokers, and a wait that is too short to be missed.
            client.put(ProducerConfig.LINGER_MS_CONFIG, 1);
            client.put(ProducerConfig.BATCH_SIZE_CONFIG, TOGETHER);
            client.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MOST_BYTES);
            // A few hundred bytes at a time: compressing them saves nothing and costs 64 KB of buffers each time.
            client.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
            client.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS);
            client.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, BLOCK_MILLIS);
            client.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS);
            client.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
            client.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
            open = new KafkaProducer<>(client);
            producer = open;
        }
        return open;
    }

    private synchronized void replace(KafkaProducer<byte[], byte[]> failed) {
        if (producer == failed) {
            producer = null;
        }
    }

    private static void close(KafkaProducer<byte[], byte[]> failed) {
        try {
            failed.close(Duration.ZERO);
        } catch (KafkaException e) {
            LOG.debug("A writer that failed could not be closed", e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        watch.shutdownNow();
        KafkaProducer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            // Who writes waits for it, so something is left only where no broker answers.
            open.close(Duration.ofSeconds(1));
        }
    }
}
