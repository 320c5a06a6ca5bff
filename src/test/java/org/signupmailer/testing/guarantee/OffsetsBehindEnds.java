package org.signupmailer.testing.guarantee;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.signupmailer.testing.kafka.EmbeddedKafka;

/**
 * What is committed has ended or waits in a retry topic, so that a process that dies at this moment takes nothing with
 * it. Holds for the moment at which it was made: to be made while things go wrong, and again when all is over.
 */
public final class OffsetsBehindEnds extends Guarantee {

    private static final JsonMapper JSON = new JsonMapper();

    private final Set<String> behind = new HashSet<>();
    private final Set<String> waiting = new HashSet<>();

    /**
     * Keeps what is committed now.
     *
     * @param retryTopics those that exist
     */
    public OffsetsBehindEnds(EmbeddedKafka kafka, String group, String topic, List<String> retryTopics) {
        Map<TopicPartition, Long> committed = kafka.committedOffsets(group);
        for (ConsumerRecord<String, String> record : kafka.records(topic)) {
            if (record.offset() < committed.getOrDefault(new TopicPartition(topic, record.partition()), 0L)) {
                behind.add(id(record.value()));
            }
        }
        for (String retryTopic : retryTopics) {
            for (ConsumerRecord<String, String> record : kafka.records(retryTopic)) {
                if (record.offset() >= committed.getOrDefault(new TopicPartition(retryTopic, record.partition()), 0L)) {
                    waiting.add(id(record.value()));
                }
            }
        }
    }

    private static String id(String event) {
        try {
            return JSON.readTree(event).path("id").asText();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("This guarantee reads events in structured mode only", e);
        }
    }

    @Override
    List<String> breachesIn(Outcome outcome) {
        Set<String> ended = new HashSet<>(outcome.mailsPerId().keySet());
        ended.addAll(outcome.deadLettersPerId().keySet());
        return behind.stream()
                .filter(id -> !ended.contains(id) && !waiting.contains(id))
                .map(id -> id + " is committed, has no end and waits in no retry topic")
                .toList();
    }
}
