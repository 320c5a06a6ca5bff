package org.signupmailer.ledger;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * A part of the ledger, and how far it was read: its newest entries and all that come, or those before them. Not
 * thread-safe.
 */
final class LedgerPart {

    private static final Duration REQUEST = Duration.ofSeconds(5);

    /** Where to go on; without those partitions that were read to their ends. */
    private final Map<TopicPartition, Long> next = new HashMap<>();
    /** The offsets before which it ends; empty: it goes on with what comes. */
    private final Map<TopicPartition, Long> ends = new HashMap<>();

    private LedgerPart() {}

    /**
     * The newest entries, and all that come.
     *
     * @param begins where each partition begins
     * @param ends where it ends now
     * @param most how many entries there are, in all partitions, at most
     */
    static LedgerPart newest(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends, long most) {
        LedgerPart part = new LedgerPart();
        long each = most / Math.max(1, ends.size());
        ends.forEach(
                (partition, end) -> part.next.put(partition, Math.max(begins.getOrDefault(partition, 0L), end - each)));
        return part;
    }

    /** What is before another part, which was not read yet. */
    static LedgerPart before(LedgerPart other, Map<TopicPartition, Long> begins) {
        LedgerPart part = new LedgerPart();
        begins.forEach((partition, begin) -> {
            long end = other.next.getOrDefault(partition, begin);
            if (begin < end) {
                part.next.put(partition, begin);
                part.ends.put(partition, end);
            }
        });
        return part;
    }

    /** Whether nothing is left of it, which is never so of one that goes on with what comes. */
    boolean isRead() {
        return next.isEmpty();
    }

    /** Whether everything before these offsets was read. */
    boolean isRead(Map<TopicPartition, Long> before) {
        return before.entrySet().stream().allMatch(end -> next.getOrDefault(end.getKey(), -1L) >= end.getValue());
    }

    /** Has the consumer read this part on from now on. */
    void goOn(Consumer<?, ?> consumer) {
        consumer.assign(List.copyOf(next.keySet()));
        next.forEach(consumer::seek);
    }

    /** To be told once the consumer, which reads this part, has read something. */
    void wasRead(Consumer<?, ?> consumer) {
        boolean ended = false;
        for (Map.Entry<TopicPartition, Long> one : next.entrySet()) {
            one.setValue(consumer.position(one.getKey(), REQUEST));
            ended |= isAtEnd(one);
        }
        if (ended) {
            next.entrySet().removeIf(this::isAtEnd);
            goOn(consumer);
        }
    }

    private boolean isAtEnd(Map.Entry<TopicPartition, Long> one) {
        Long end = ends.get(one.getKey());
        return end != null && one.getValue() >= end;
    }

    /** The offset before which it ends in this partition: the last entries that come of it may be from behind it. */
    long end(TopicPartition partition) {
        return ends.getOrDefault(partition, Long.MAX_VALUE);
    }
}
