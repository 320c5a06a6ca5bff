package org.signupmailer.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;
import org.signupmailer.testing.kafka.EmbeddedKafka;
import org.springframework.mock.env.MockEnvironment;

class KafkaWriterTest {

    /** Such as while no name can be looked up: a mail that was accepted meanwhile must hear of it, to try again. */
    @Test
    void whereNoConnectionCanEvenBeTriedTheRecordTellsItAndNothingIsThrown() throws Exception {
        KafkaSettings settings = KafkaSettings.read(new MockEnvironment()
                .withProperty("KAFKA_BROKERS", "no-such-host.invalid:9092")
                .withProperty("KAFKA_GROUP", "group")
                .withProperty("SIGNUP_TOPIC", "events"));
        try (KafkaWriter writer = new KafkaWriter(settings)) {
            for (int i = 0; i < 2; i++) {
                KafkaWriter.Sent sent = writer.begin(new ProducerRecord<>("ledger", new byte[] {1}));

                assertThat(sent.settled().get(30, TimeUnit.SECONDS)).isFalse();
                assertThatThrownBy(sent::confirm)
                        .isInstanceOf(IOException.class)
                        .hasMessageStartingWith("the topic ledger does not take it: ");
            }
        }
    }

    /** An Error ends the one thread that all records go through; Kafka's client says nothing to anybody then. */
    @Test
    void aClientThatDiesIsReplacedAndAllThatItHadIsToldToHaveFailed() throws Exception {
        Duration silent = Duration.ofSeconds(6);
        withClientThatMayDie(silent, writer -> {
            long begun = System.nanoTime();
            KafkaWriter.Sent unheard = writeAndKillTheClient(writer);
            await("much of the time is over").until(() -> System.nanoTime() - begun > silent.toNanos() * 2 / 3);
            KafkaWriter.Sent later = begin(writer);

            assertThat(unheard.settled().get(60, TimeUnit.SECONDS)).isFalse();
            assertThat(later.settled().get(1, TimeUnit.SECONDS))
                    .as("a dead client's later records do not wait for a time of their own")
                    .isFalse();
            assertThat(begin(writer).settled().get(60, TimeUnit.SECONDS))
                    .as("written by a new client")
                    .isTrue();
        });
    }

    @Test
    void aStopTellsWhatADeadClientWouldNot() throws Exception {
        withClientThatMayDie(Duration.ofHours(1), writer -> {
            KafkaWriter.Sent unheard = writeAndKillTheClient(writer);

            writer.close();

            assertThat(unheard.settled()).isCompletedWithValue(false);
            assertThat(begin(writer).settled()).as("after the stop").isCompletedWithValue(false);
        });
    }

    private interface Check {
        void of(KafkaWriter writer) throws Exception;
    }

    private static void withClientThatMayDie(Duration silent, Check check) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            kafka.createTopic("ledger", 1);
            KafkaSettings settings = KafkaSettings.read(new MockEnvironment()
                    .withProperty("KAFKA_BROKERS", kafka.bootstrapServers())
                    .withProperty("KAFKA_GROUP", "group")
                    .withProperty("SIGNUP_TOPIC", "events")
                    .withProperty("mailer.kafka.properties[interceptor.classes]", Deadly.class.getName()));
            try (KafkaWriter writer = new KafkaWriter(settings, silent)) {
                await("connected")
                        .atMost(60, TimeUnit.SECONDS)
                        .until(() -> begin(writer).settled().get(60, TimeUnit.SECONDS));
                check.of(writer);
            } finally {
                Deadly.ARMED.set(false);
            }
        }
    }

    private static KafkaWriter.Sent writeAndKillTheClient(KafkaWriter writer) {
        Deadly.ARMED.set(true);
        KafkaWriter.Sent unheard = begin(writer);
        await("the client's thread is ended").atMost(60, TimeUnit.SECONDS).untilFalse(Deadly.ARMED);
        assertThat(unheard.settled()).isNotDone();
        return unheard;
    }

    private static KafkaWriter.Sent begin(KafkaWriter writer) {
        return writer.begin(new ProducerRecord<>("ledger", new byte[] {1}));
    }

    /** Ends the thread that tells of a record, before it does. */
    public static final class Deadly implements ProducerInterceptor<byte[], byte[]> {

        private static final AtomicBoolean ARMED = new AtomicBoolean();

        @Override
        public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
            return record;
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
            if (ARMED.getAndSet(false)) {
                throw new StackOverflowError("as deadly as any");
            }
        }

        @Override
        public void close() {
            // Nothing is open.
        }

        @Override
        public void configure(Map<String, ?> configs) {
            // Nothing to be configured.
        }
    }
}
