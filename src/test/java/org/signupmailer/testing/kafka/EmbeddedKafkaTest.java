package org.signupmailer.testing.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.CONCURRENT)
class EmbeddedKafkaTest {

    @Test
    void whatIsPublishedIsReadBackWithKeyAndHeaders() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            kafka.createTopic("letters", 3);
            kafka.publish("letters", "ann", "hello", EmbeddedKafka.header("ce_id", "1"));
            kafka.publish("letters", "bob", null);

            List<ConsumerRecord<String, String>> records = kafka.records("letters");

            assertThat(records).extracting(ConsumerRecord::key).containsExactlyInAnyOrder("ann", "bob");
            ConsumerRecord<String, String> ann = records.stream()
                    .filter(r -> r.key().equals("ann"))
                    .findFirst()
                    .orElseThrow();
            assertThat(ann.value()).isEqualTo("hello");
            assertThat(ann.headers().lastHeader("ce_id").value()).asString().isEqualTo("1");
        }
    }

    @Test
    void restartKeepsRecordsAndCommittedOffsetsOnTheSamePort() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            kafka.createTopic("letters", 1);
            kafka.publish("letters", "ann", "before");
            try (KafkaConsumer<String, String> consumer = consumer(kafka, "readers")) {
                consumer.subscribe(List.of("letters"));
                assertThat(pollOne(consumer)).isEqualTo("before");
                consumer.commitSync();

                String address = kafka.bootstrapServers();
                kafka.stop();
                kafka.startAgain();

                assertThat(kafka.bootstrapServers()).isEqualTo(address);
                kafka.publish("letters", "ann", "after");
                assertThat(pollOne(consumer)).isEqualTo("after");
            }
            assertThat(kafka.records("letters"))
                    .extracting(ConsumerRecord::value)
                    .containsExactly("before", "after");
            assertThat(kafka.committedOffsets("readers")).containsEntry(new TopicPartition("letters", 0), 1L);
        }
    }

    @Test
    void twoBrokersRunAtOnceAndKnowNothingOfEachOther() {
        try (EmbeddedKafka one = EmbeddedKafka.start();
                EmbeddedKafka other = EmbeddedKafka.start()) {
            one.createTopic("letters", 1);
            other.createTopic("letters", 1);
            one.publish("letters", "ann", "for one");

            assertThat(one.records("letters")).hasSize(1);
            assertThat(other.records("letters")).isEmpty();
        }
    }

    @Test
    void aTakenPortIsSaidAtOnce() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            assertThatThrownBy(() -> EmbeddedKafka.start(kafka.port()))
                    .isInstanceOf(BindException.class)
                    .hasMessageContaining(Integer.toString(kafka.port()));
        }
    }

    @Test
    void topicsAreCreatedByNameOnlyWhenAskedFor() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(Map.of("auto.create.topics.enable", "true"))) {
            kafka.publish("unheard-of", "ann", "hello");

            assertThat(kafka.records("unheard-of")).hasSize(1);
        }
    }

    @Test
    void closeLeavesNothingOnDisk() {
        EmbeddedKafka kafka = EmbeddedKafka.start();
        assertThat(kafka.dataDirectory()).isNotEmptyDirectory();

        kafka.close();

        assertThat(kafka.dataDirectory()).doesNotExist();
    }

    private static KafkaConsumer<String, String> consumer(EmbeddedKafka kafka, String group) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka.bootstrapServers(),
                        "group.id",
                        group,
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false),
                new StringDeserializer(),
                new StringDeserializer());
    }

    private static String pollOne(KafkaConsumer<String, String> consumer) {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                return record.value();
            }
        }
        throw new AssertionError("No record within 30 s");
    }
}
