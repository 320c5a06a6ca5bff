package org.signupmailer.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
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

    @Test
    void oneThatIsMissingIsCreatedByWhoeverWantsToReadIt() throws Exception {
        try (KafkaWriter writer = new KafkaWriter(settings);
                Ledger ledger = new Ledger(settings, writer)) {
            assertThat(ledger.catchUp(PATIENCE)).isTrue();
        }
        assertThat(topics()).contains(topic);
    }

    @Test
    void oneThatIsDeletedIsCreatedAgainBeforeThoseWhoWaitForItGiveUp() throws Exception {
        try (KafkaWriter writer = new KafkaWriter(settings);
                Ledger ledger = new Ledger(settings, writer)) {
            assertThat(ledger.catchUp(PATIENCE)).isTrue();
            try (Admin admin = SharedKafka.get().admin()) {
                admin.deleteTopics(List.of(topic)).all().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
            assertThat(ledger.catchUp(PATIENCE)).isTrue();
            ledger.accepted("an-id", "signup.welcome", "primary", 1, Instant.now())
                    .confirm();
            assertThat(SharedKafka.get().records(topic)).hasSize(1);
        }
    }

    private static List<String> topics() throws Exception {
        try (Admin admin = SharedKafka.get().admin()) {
            return List.copyOf(admin.listTopics().names().get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
        }
    }
}
