package org.signupmailer.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
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
}
