package org.signupmailer.deadletter;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.signupmailer.intake.KafkaSettings;

/** The topic of dead letters; a record is on the brokers when {@link #send} returns. */
final class DeadLetterTopic implements AutoCloseable {

    private static final int MOST_BYTES = 8 * 1024 * 1024;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final KafkaSettings settings;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    DeadLetterTopic(KafkaSettings settings) {
        this.settings = settings;
    }

    /**
     * @return false when the topic does not take a record of this size
     * @throws IOException when the brokers do not confirm it
     */
    boolean send(byte @Nullable [] key, byte[] value) throws IOException {
        try {
            producer()
                    .send(new ProducerRecord<>(settings.deadLetterTopic(), key, value))
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RecordTooLargeException) {
                return false;
            }
            throw failure(e.getCause());
        } catch (KafkaException | TimeoutException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(e);
        }
    }

    private IOException failure(@Nullable Throwable cause) {
        return new IOException(
                "the topic " + settings.deadLetterTopic() + " does not take it: "
                        + (cause == null || cause.getMessage() == null ? "no answer in time" : cause.getMessage()),
                cause);
    }

    // Made at the first dead letter: on most days there is none.
    private synchronized KafkaProducer<byte[], byte[]> producer() {
        KafkaProducer<byte[], byte[]> open = producer;
        if (open == null) {
            Map<String, Object> client = settings.client(settings.group() + "-dead-letters");
            client.put(ProducerConfig.ACKS_CONFIG, "all");
            client.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
            client.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MOST_BYTES);
            client.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
            client.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
            client.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
            client.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 25_000);
            client.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
            client.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
            open = new KafkaProducer<>(client);
            producer = open;
        }
        return open;
    }

    @Override
    public synchronized void close() {
        KafkaProducer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            open.close(Duration.ofSeconds(5));
        }
    }
}
