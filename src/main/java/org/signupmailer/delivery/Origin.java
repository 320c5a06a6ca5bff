package org.signupmailer.delivery;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Where an event first stood, through all its retries: its place in the topic that it was published to. */
public record Origin(String topic, int partition, long offset, Instant timestamp) implements Comparable<Origin> {

    /** The place of a record that has not been retried. */
    public static Origin of(ConsumerRecord<?, ?> record) {
        return new Origin(
                record.topic(), record.partition(), record.offset(), Instant.ofEpochMilli(record.timestamp()));
    }

    /** Older first: by offset within a partition, else by the time of publishing. */
    @Override
    public int compareTo(Origin other) {
        if (topic.equals(other.topic) && partition == other.partition) {
            return Long.compare(offset, other.offset);
        }
        return timestamp.compareTo(other.timestamp);
    }

    @Override
    public String toString() {
        return topic + "-" + partition + "@" + offset;
    }
}
