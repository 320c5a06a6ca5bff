package org.signupmailer.deadletter;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.topic.Plain;

/** Puts events back, many at a time; counts those that all replicas have. */
final class EventsTopic implements AutoCloseable {

    private static final int MOST_BYTES = 8 * 1024 * 1024;
    private static final int TIME_MILLIS = 25_000;

    private final KafkaSettings settings;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicLong confirmed = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    EventsTopic(KafkaSettings settings) {
        this.settings = settings;
        Map<String, Object> client = settings.client(settings.group() + "-replay");
        client.put(ProducerConfig.ACKS_CONFIG, "all");
        client.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        client.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        client.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        client.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MOST_BYTES);
        client.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, TIME_MILLIS);
        client.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, TIME_MILLIS / 2);
        client.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, TIME_MILLIS);
        client.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        client.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        producer = new KafkaProducer<>(client);
    }

    /**
     * Puts back the event of a dead letter, as it was published.
     *
     * @throws IOException with a sentence for the operator, for this one or one before it
     */
    void put(DeadLetterReader.Place place, DeadLetter letter) throws IOException {
        DeadLetter.Original original = letter.original();
        String key = original.key() != null
                ? original.key()
                : letter.recipient() == null ? null : letter.recipient().toLowerCase(Locale.ROOT);
        Headers headers = original.recordHeaders();
        new ReplayMark(original.timestamp(), place).writeTo(headers);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                settings.topic(),
                null,
                null,
                key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                original.bytes(),
                headers);
        check();
        try {
            Future<?> unused = producer.send(record, (where, failed) -> {
                if (failed == null) {
                    confirmed.incrementAndGet();
                } else {
                    failure.compareAndSet(null, failed);
                }
            });
        } catch (KafkaException e) {
            failure.compareAndSet(null, e);
            check();
        }
    }

    /** How many are safely there. */
    long confirmed() {
        return confirmed.get();
    }

    /**
     * Waits for all that was put.
     *
     * @throws IOException with a sentence for the operator when one is not there
     */
    void flush() throws IOException {
        try {
            producer.flush();
        } catch (KafkaException e) {
            failure.compareAndSet(null, e);
        }
        check();
    }

    private void check() throws IOException {
        Exception failed = failure.get();
        if (failed != null) {
            throw new IOException(
                    "The topic " + settings.topic() + " at " + settings.brokers() + " does not take the events ("
                            + Plain.text(failed.getMessage())
                            + "); once it does, run the replay again: what is back already is not put back twice.",
                    failed);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
