package org.signupmailer.kafka;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.signupmailer.kafka.KafkaWriter.Sent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of Kafka for writing, and the records of which it has not yet told what became of them. Kafka's client tells
 * of every record within its delivery time, but by a thread that an Error ends: then nobody would ever hear.
 */
final class WriterClient {

    private static final Logger LOG = LoggerFactory.getLogger(WriterClient.class);

    private final KafkaProducer<byte[], byte[]> producer;
    private final Set<Sent> onTheirWay = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Exception givenUp;

    WriterClient(Map<String, Object> settings) {
        this.producer = new KafkaProducer<>(settings);
    }

    void prepare(String topic) {
        producer.partitionsFor(topic);
    }

    /** @throws RuntimeException when the client is of no use any more, or the thread was interrupted */
    void send(Sent sent) {
        sent.begins();
        onTheirWay.add(sent);
        try {
            Future<RecordMetadata> unused = producer.send(sent.record(), (where, failure) -> {
                onTheirWay.remove(sent);
                sent.told(where, failure);
            });
        } catch (RuntimeException e) {
            onTheirWay.remove(sent);
            throw e;
        }
        Exception why = givenUp;
        if (why != null) {
            // Perhaps after all others were told: a client that is closed may take a record and say nothing.
            tell(sent, why);
        }
    }

    /** Whether it has not told of some record for so long. */
    boolean isSilent(Duration tooLong) {
        long now = System.nanoTime();
        return onTheirWay.stream().anyMatch(sent -> sent.isOlderThan(tooLong, now));
    }

    /** Tells all records that they have failed, and those that are still given to it. */
    void giveUp(Exception why) {
        givenUp = why;
        onTheirWay.forEach(sent -> tell(sent, why));
    }

    private void tell(Sent sent, Exception why) {
        onTheirWay.remove(sent);
        sent.told(null, why);
    }

    /** Closes it, by a thread of its own: that waits for the client's thread, which may stand still. */
    Thread close(Duration atMost) {
        Thread closing = new Thread(
                () -> {
                    try {
                        producer.close(atMost);
                    } catch (KafkaException e) {
                        LOG.debug("A writer could not be closed", e);
                    }
                },
                "kafka-writer-close");
        closing.setDaemon(true);
        closing.start();
        return closing;
    }
}
