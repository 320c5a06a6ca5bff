package org.signupmailer.kafka;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
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

    private static final int TOGETHER = 4096;
    private static final int MOST_BYTES = 8 * 1024 * 1024;
    private static final int BLOCK_MILLIS = 10_000;
    private static final int DELIVERY_MILLIS = 25_000;
    private static final Duration TIMEOUT = Duration.ofMillis(BLOCK_MILLIS + DELIVERY_MILLIS);
    // Kafka's client keeps to that, but for what it waits for names to be looked up.
    private static final Duration SILENT = Duration.ofSeconds(60);
    private static final Duration WHILE_STOPPING = Duration.ofSeconds(1);

    private static final long MAKE_AGAIN = TimeUnit.SECONDS.toNanos(1);
    private static final long LOOK_AGAIN = TimeUnit.SECONDS.toNanos(10);

    private final KafkaSettings settings;
    private final Duration silent;
    private final Lock looking = new ReentrantLock();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "kafka-writer-watch");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean closed;
    // Guarded by this object's lock.
    private @Nullable WriterClient client;
    private @Nullable Unmade unmade;
    private boolean watching;
    // Guarded by "looking".
    private long lookedForTopics = System.nanoTime() - LOOK_AGAIN;

    public KafkaWriter(KafkaSettings settings) {
        this(settings, SILENT);
    }

    /** @param silent after which Kafka's client is taken for dead if it has not said what became of a record */
    KafkaWriter(KafkaSettings settings, Duration silent) {
        this.settings = settings;
        this.silent = silent;
    }

    /** A client that could not be made. Who waited meanwhile need not find that out once more, a look-up later. */
    private record Unmade(KafkaException why, long found) {}

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
            client().prepare(topic);
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
        WriterClient open = null;
        try {
            open = client();
            open.send(sent);
        } catch (InterruptException e) {
            // Says nothing of the client, which others go on using.
            sent.told(null, e);
        } catch (RuntimeException e) {
            // Also where no client can be made, since no name of a broker can be looked up just now.
            sent.told(null, e);
            if (open != null) {
                // One that failed for good does not recover; the next record gets a new one.
                retire(open, e);
            }
        }
        return sent;
    }

    private void lookAfterTheClient() {
        try {
            WriterClient current = current();
            if (current != null
                    && current.isSilent(silent)
                    && retire(current, new org.apache.kafka.common.errors.TimeoutException("no answer in time"))) {
                LOG.error(
                        "Kafka's client has not said for {} s what became of a record; it is replaced by a new one, and"
                                + " what it had is written again",
                        silent.toSeconds());
            }
        } catch (RuntimeException | Error e) {
            LOG.error("Kafka's client could not be looked after, which is tried again", e);
        }
    }

    // False if somebody else did.
    private boolean retire(WriterClient failed, Exception why) {
        if (!replace(failed)) {
            return false;
        }
        failed.giveUp(why);
        Thread unused = failed.close(Duration.ZERO);
        return true;
    }

    /** A record on its way to the brokers. */
    public final class Sent {

        private final ProducerRecord<byte[], byte[]> record;
        private final CompletableFuture<RecordMetadata> written = new CompletableFuture<>();
        private volatile long begun;

        private Sent(ProducerRecord<byte[], byte[]> record) {
            this.record = record;
        }

        ProducerRecord<byte[], byte[]> record() {
            return record;
        }

        void begins() {
            begun = System.nanoTime();
        }

        boolean isOlderThan(Duration age, long now) {
            return now - begun >= age.toNanos();
        }

        void told(@Nullable RecordMetadata where, @Nullable Exception failure) {
            if (failure != null) {
                written.completeExceptionally(failure);
            } else {
                written.complete(where);
            }
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
                return written.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
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

    private synchronized WriterClient client() {
        WriterClient open = client;
        if (closed) {
            throw new KafkaException("signup-mailer is stopping");
        }
        if (open == null) {
            Unmade known = unmade;
            if (known != null && System.nanoTime() - known.found < MAKE_AGAIN) {
                throw new KafkaException(known.why.getMessage(), known.why);
            }
            try {
                open = new WriterClient(clientSettings());
            } catch (KafkaException e) {
                unmade = new Unmade(e, System.nanoTime());
                throw e;
            }
            client = open;
            if (!watching) {
                watching = true;
                long look = Math.max(1, silent.toMillis() / 7);
                Future<?> unused =
                        watch.scheduleWithFixedDelay(this::lookAfterTheClient, look, look, TimeUnit.MILLISECONDS);
            }
        }
        return open;
    }

    private Map<String, Object> clientSettings() {
        Map<String, Object> client = settings.client(settings.group() + "-writer");
        client.put(ProducerConfig.ACKS_CONFIG, "all");
        client.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // What ends within two milliseconds travels together, or sixteen ends, if they are there sooner: less than half
        // of the work for busy brokers, and a wait that is too short to be missed.
        client.put(ProducerConfig.LINGER_MS_CONFIG, 2);
        client.put(ProducerConfig.BATCH_SIZE_CONFIG, TOGETHER);
        client.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MOST_BYTES);
        // A few hundred bytes at a time: compressing them saves nothing and costs 64 KB of buffers each time.
        client.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        client.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCK_MILLIS);
        client.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, BLOCK_MILLIS);
        client.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MILLIS);
        client.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        client.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        return client;
    }

    private synchronized @Nullable WriterClient current() {
        return client;
    }

    private synchronized boolean replace(WriterClient failed) {
        if (client != failed) {
            return false;
        }
        client = null;
        return true;
    }

    private synchronized @Nullable WriterClient last() {
        closed = true;
        WriterClient last = client;
        client = null;
        return last;
    }

    @Override
    public void close() {
        WriterClient open = last();
        watch.shutdownNow();
        if (open == null) {
            return;
        }
        try {
            // Who writes waits for it, so something is left only where no broker answers, or nobody tells of it.
            open.close(WHILE_STOPPING).join(5 * WHILE_STOPPING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        open.giveUp(new KafkaException("signup-mailer is stopping"));
    }
}
