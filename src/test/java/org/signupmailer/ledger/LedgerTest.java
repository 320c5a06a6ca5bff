package org.signupmailer.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.kafka.KafkaWriter;
import org.signupmailer.testing.kafka.SharedKafka;
import org.springframework.mock.env.MockEnvironment;

@Execution(ExecutionMode.CONCURRENT)
class LedgerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String topic = "deliveries-" + UUID.randomUUID();
    private final KafkaSettings settings = KafkaSettings.read(new MockEnvironment()
            .withProperty("KAFKA_BROKERS", SharedKafka.get().bootstrapServers())
            .withProperty("KAFKA_GROUP", topic)
            .withProperty("SIGNUP_TOPIC", topic + "-events")
            .withProperty("mailer.kafka.ledger-topic", topic));
    private final KafkaWriter writer = new KafkaWriter(settings);
    private final Ledger ledger = new Ledger(settings, writer);

    @AfterEach
    void close() {
        ledger.close();
        writer.close();
    }

    @Test
    void oneThatIsMissingIsCreatedByWhoeverWantsToReadIt() throws Exception {
        assertThat(ledger.catchUp(PATIENCE)).isTrue();
        assertThat(topics()).contains(topic);
    }

    @Test
    void oneThatIsDeletedIsCreatedAgainBeforeThoseWhoWaitForItGiveUp() throws Exception {
        assertThat(ledger.catchUp(PATIENCE)).isTrue();
        try (Admin admin = SharedKafka.get().admin()) {
            admin.deleteTopics(List.of(topic)).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        // The controller has said so; what the broker does not know yet still counts.
        Awaitility.await().atMost(PATIENCE).until(() -> !topics().contains(topic));
        assertThat(ledger.catchUp(PATIENCE)).isTrue();
        ledger.accepted("an-id", "signup.welcome", "primary", 1, Instant.now()).confirm();
        assertThat(SharedKafka.get().records(topic)).hasSize(1);
    }

    @Test
    void oneThatIsLongIsReadToItsEndBeforeItIsCalledRead() throws Exception {
        assertThat(ledger.catchUp(PATIENCE)).isTrue();
        record(0, 5_000);
        try (Ledger other = new Ledger(settings, writer)) {
            assertThat(other.catchUp(PATIENCE)).isTrue();
            assertThat(other.size()).isEqualTo(5_000);
            record(5_000, 5_100);
            assertThat(other.catchUp(PATIENCE)).isTrue();
            assertThat(IntStream.range(0, 5_100)).allMatch(i -> other.accepted("id-" + i));
            assertThat(other.quotaUse().used("primary", Duration.ofHours(2), Instant.now()))
                    .isEqualTo(5_100);
        }
    }

    @Test
    void ofOneThatIsLongTheNewestEntriesAreReadFirstAndEachOnce() throws Exception {
        assertThat(ledger.catchUp(PATIENCE)).isTrue();
        record(0, 20_000);
        long afterAll = Instant.now().plus(Duration.ofMinutes(2)).toEpochMilli();
        try (Ledger other = new Ledger(settings, writer, 1_000)) {
            assertThat(other.tells(afterAll)).isFalse();
            other.readAhead();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!other.tells(0)) {
                assertThat(System.nanoTime()).as("the time it may take").isLessThan(deadline);
                // The older one must be asked for first: meanwhile the other may come.
                if (other.accepted("id-0") || other.tells(afterAll)) {
                    assertThat(other.accepted("id-19999")).isTrue();
                    assertThat(other.accepted("id-19000")).isTrue();
                }
            }
            assertThat(IntStream.range(0, 20_000)).allMatch(i -> other.accepted("id-" + i));
            assertThat(other.quotaUse().used("primary", Duration.ofHours(2), Instant.now()))
                    .isEqualTo(20_000);
        }
    }

    @Test
    void whoAsksForTheNewestEntriesKnowsThemAndWhoAsksForAllKnowsThoseToo() throws Exception {
        assertThat(ledger.catchUp(PATIENCE)).isTrue();
        record(0, 5_000);
        try (Ledger other = new Ledger(settings, writer, 500)) {
            assertThat(other.catchUpWithNewest(PATIENCE)).isTrue();
            assertThat(IntStream.range(4_500, 5_000)).allMatch(i -> other.accepted("id-" + i));
            record(5_000, 5_100);
            assertThat(other.catchUpWithNewest(PATIENCE)).isTrue();
            assertThat(IntStream.range(4_500, 5_100)).allMatch(i -> other.accepted("id-" + i));
            assertThat(other.catchUp(PATIENCE)).isTrue();
            assertThat(IntStream.range(0, 5_100)).allMatch(i -> other.accepted("id-" + i));
            assertThat(other.tells(0)).isTrue();
            record(5_100, 5_200);
            assertThat(other.catchUpWithNewest(PATIENCE)).isTrue();
            assertThat(IntStream.range(5_100, 5_200)).allMatch(i -> other.accepted("id-" + i));
            assertThat(other.quotaUse().used("primary", Duration.ofHours(2), Instant.now()))
                    .isEqualTo(5_200);
        }
    }

    @Test
    void theNewestEntriesOfAllPartitionsAreReadFirst() throws Exception {
        SharedKafka.get().createTopic(topic, 3);
        record(0, 3_000);
        try (Ledger other = new Ledger(settings, writer, 300)) {
            assertThat(other.catchUpWithNewest(PATIENCE)).isTrue();
            assertThat(other.size()).isGreaterThanOrEqualTo(300);
            assertThat(other.catchUp(PATIENCE)).isTrue();
            assertThat(IntStream.range(0, 3_000)).allMatch(i -> other.accepted("id-" + i));
            assertThat(other.quotaUse().used("primary", Duration.ofHours(2), Instant.now()))
                    .isEqualTo(3_000);
        }
    }

    @Test
    void whatIsKnownSinceWhenCountsForThePartitionThatIsKnownForTheShortestTime() throws Exception {
        SharedKafka.get().createTopic(topic, 2);
        Instant now = Instant.now();
        record(0, 1, 2_000, now.minus(Duration.ofHours(4)));
        record(1, 2_000, 22_000, now.minus(Duration.ofHours(2)));
        long between = now.minus(Duration.ofHours(3)).toEpochMilli();
        try (Ledger other = new Ledger(settings, writer, 500)) {
            other.readAhead();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (!other.tells(0)) {
                assertThat(System.nanoTime()).as("the time it may take").isLessThan(deadline);
                if (other.tells(between)) {
                    assertThat(other.accepted("id-21499")).isTrue();
                }
            }
            assertThat(other.size()).isEqualTo(22_000 - 1);
        }
    }

    private void record(int partition, int from, int to, Instant at) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings.client("test"), new ByteArraySerializer(), new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = from; i < to; i++) {
                ProducerRecord<byte[], byte[]> entry = new ProducerRecord<>(
                        topic, partition, at.toEpochMilli(), ("id-" + i).getBytes(UTF_8), "{}".getBytes(UTF_8));
                entry.headers().add("end", "accepted".getBytes(UTF_8));
                sent.add(producer.send(entry));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void oneThatIsThereIsReadBeforeAnybodyAsks() throws Exception {
        assertThat(ledger.catchUp(PATIENCE)).isTrue();
        record(0, 10);
        try (Ledger other = new Ledger(settings, writer)) {
            other.readAhead();
            Awaitility.await().atMost(PATIENCE).until(() -> other.size() == 10);
        }
    }

    @Test
    void oneThatIsMissingIsNobodysWorryUntilSomebodyAsks() throws Exception {
        ledger.readAhead();
        Awaitility.await().during(Duration.ofSeconds(2)).atMost(PATIENCE).until(() -> !topics().contains(topic));
        assertThat(ledger.catchUp(PATIENCE)).isTrue();
        assertThat(topics()).contains(topic);
    }

    private void record(int from, int to) throws IOException {
        List<KafkaWriter.Sent> sent = IntStream.range(from, to)
                .mapToObj(i -> ledger.accepted("id-" + i, "signup.welcome", "primary", 1, Instant.now()))
                .toList();
        for (KafkaWriter.Sent one : sent) {
            one.confirm();
        }
    }

    private static List<String> topics() throws Exception {
        try (Admin admin = SharedKafka.get().admin()) {
            return List.copyOf(admin.listTopics().names().get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
    }
}
