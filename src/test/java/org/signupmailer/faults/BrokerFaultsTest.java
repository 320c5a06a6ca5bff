package org.signupmailer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicListing;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.intake.Reading;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.guarantee.NoMailTwice;
import org.signupmailer.testing.guarantee.Outcome;
import org.signupmailer.testing.kafka.EmbeddedKafka;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

@Execution(ExecutionMode.CONCURRENT)
class BrokerFaultsTest {

    @Test
    void aBrokerThatRestartsCostsNoMail() {
        interrupt("restarts", Duration.ZERO);
    }

    @Test
    void aBrokerThatIsAwayForTenSecondsCostsNoMail() {
        interrupt("unreachable for 10 s", Duration.ofSeconds(10));
    }

    @Test
    @Tag("heavy")
    void aBrokerThatIsAwayForAMinuteCostsNoMail() {
        interrupt("unreachable for a minute", Duration.ofMinutes(1));
    }

    private static void interrupt(String what, Duration away) {
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                ScriptedSmtpServer first = ScriptedSmtpServer.start();
                ScriptedSmtpServer second = ScriptedSmtpServer.start();
                Trial trial = Trial.of(setup -> setup.kafka(kafka), first, second)) {
            // Some wait for another try and some are on their way when it happens.
            first.on(Phase.DATA_END).delay(Duration.ofMillis(200));
            first.on(Phase.MAIL).reply(451, "4.3.0 Try again").times(10);
            second.on(Phase.MAIL).reply(451, "4.3.0 Try again").times(5);
            trial.load(50, Duration.ofSeconds(1));
            kafka.stop();
            Trial.pass(away);
            kafka.startAgain();
            trial.load(50, Duration.ofSeconds(1));
            Outcome outcome = trial.conclude(
                    "4", "broker: " + what, "stopped and started again under load", new NoMailTwice(), "");
            assertThat(outcome.deadLetters()).isEmpty();
        }
    }

    @Test
    void whileNoEndCanBeRecordedNoMoreMailsAreAcceptedThanThereAreConnections() {
        int connections = 5;
        CountDownLatch kafkaIsAway = new CountDownLatch(1);
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                ScriptedSmtpServer relay = ScriptedSmtpServer.start();
                Trial trial = Trial.of(
                        setup -> setup.kafka(kafka)
                                // A mail whose end is being recorded keeps its connection's place, and no thread.
                                .with("MAILER_CONCURRENCY", "1")
                                .with("MAILER_RELAYS_PRIMARY_MAXCONNECTIONS", String.valueOf(connections)),
                        relay)) {
            relay.on(Phase.RCPT).holdUntil(kafkaIsAway);
            trial.load(12, Duration.ZERO);
            Reading reading =
                    (Reading) trial.mailer().camel().getRoute("signup-events").getConsumer();
            Awaitility.await("all are read").atMost(Trial.PATIENCE).until(() -> reading.inFlight() == 12);
            kafka.stop();
            kafkaIsAway.countDown();

            Awaitility.await("as many mails as connections")
                    .atMost(Trial.PATIENCE)
                    .during(Duration.ofSeconds(2))
                    .until(() -> relay.mailCount() == connections);
            kafka.startAgain();
            Outcome outcome = trial.conclude(
                    "4",
                    "broker: away while mails are accepted",
                    "12 events are read, then the broker is stopped",
                    new NoMailTwice(),
                    "");
            assertThat(outcome.deadLetters()).isEmpty();
        }
    }

    @Test
    void anInstanceThatComesAndGoesUnderLoadCostsNoMailAndMailsNoneTwice() {
        try (ScriptedSmtpServer relay = ScriptedSmtpServer.start();
                Trial trial = Trial.of(UnaryOperator.identity(), relay)) {
            relay.on(Phase.DATA_END).delay(Duration.ofMillis(100));
            CompletableFuture<?> load = CompletableFuture.runAsync(() -> trial.load(200, Duration.ofSeconds(8)));
            try (SignupMailer another = trial.mailer().another()) {
                another.awaitReading();
                trial.takeStock();
            }
            trial.takeStock();
            load.join();
            Outcome outcome = trial.conclude(
                    "4", "rebalance", "a second instance joins under load and leaves again", new NoMailTwice(), "");
            assertThat(outcome.deadLetters()).isEmpty();
        }
    }

    @Test
    void aLedgerThatIsDeletedIsMadeAnew() throws Exception {
        try (ScriptedSmtpServer relay = ScriptedSmtpServer.start();
                Trial trial = Trial.of(UnaryOperator.identity(), relay)) {
            delete(trial.mailer().kafka(), trial.ledgerTopic());
            trial.load(60, Duration.ofSeconds(2));
            Outcome outcome =
                    trial.conclude("4", "ledger topic missing", "deleted while it runs", new NoMailTwice(), "");
            assertThat(outcome.deadLetters()).isEmpty();
        }
    }

    @Test
    void aRetryTopicThatIsMissingMakesNoDeadLetters() throws Exception {
        try (ScriptedSmtpServer relay = ScriptedSmtpServer.start();
                Trial trial = Trial.of(UnaryOperator.identity(), relay)) {
            relay.on(Phase.RCPT).reply(450, "4.2.0 Greylisted").times(20);
            delete(trial.mailer().kafka(), trial.mailer().topic() + ".retry-1s");
            trial.load(20, Duration.ofMillis(500));
            Outcome outcome = trial.conclude(
                    "4", "retry topic missing", "deleted, while a relay is greylisting", new NoMailTwice(), "");
            assertThat(outcome.deadLetters()).isEmpty();
        }
    }

    @Test
    void aStrangeRecordOnARetryTopicStopsNothing() {
        try (ScriptedSmtpServer relay = ScriptedSmtpServer.start();
                Trial trial = Trial.of(UnaryOperator.identity(), relay)) {
            String retryTopic = trial.mailer().topic() + ".retry-1s";
            for (String due : List.of("", "soon", String.valueOf(Long.MAX_VALUE), String.valueOf(Long.MIN_VALUE))) {
                TestEvent event = TestEvents.verificationCode();
                trial.scenario().published(event);
                trial.mailer()
                        .kafka()
                        .publishBytes(
                                retryTopic,
                                event.key(),
                                event.value(),
                                new RecordHeader(
                                        "signup-mailer-due",
                                        due.isEmpty() ? null : due.getBytes(StandardCharsets.US_ASCII)));
            }
            for (String past :
                    List.of("", "[]", "{\"retries\":1,\"attempts\":[]}", "{\"topic\":\"t\",\"timestamp\":0}")) {
                TestEvent event = TestEvents.verificationCode();
                trial.scenario().published(event);
                trial.mailer()
                        .kafka()
                        .publishBytes(
                                retryTopic,
                                event.key(),
                                event.value(),
                                new RecordHeader("signup-mailer-past", past.getBytes(StandardCharsets.US_ASCII)));
            }
            trial.load(20, Duration.ofMillis(500));
            trial.conclude(
                    "4",
                    "strange records on a retry topic",
                    "due times that are none, or never, and stories that are none",
                    new NoMailTwice(),
                    "");
        }
    }

    private static void delete(EmbeddedKafka kafka, String topic)
            throws ExecutionException, InterruptedException, TimeoutException {
        try (Admin admin = kafka.admin()) {
            // The broker that creates it may tell of it a moment later than it does to the application.
            Uuid deleted = Awaitility.await(topic + " is there")
                    .atMost(Trial.PATIENCE)
                    .until(() -> id(admin, topic), Optional::isPresent)
                    .orElseThrow();
            admin.deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
            // The application may have made it anew before anybody looks.
            Awaitility.await(topic + " is deleted").atMost(Trial.PATIENCE).until(() -> !id(admin, topic)
                    .equals(Optional.of(deleted)));
            // The log of a topic that nobody sees any more goes a moment later; what it still takes goes with it.
            Trial.pass(Duration.ofSeconds(1));
        }
    }

    private static Optional<Uuid> id(Admin admin, String topic)
            throws ExecutionException, InterruptedException, TimeoutException {
        return admin.listTopics().listings().get(30, TimeUnit.SECONDS).stream()
                .filter(listing -> listing.name().equals(topic))
                .map(TopicListing::topicId)
                .findFirst();
    }
}
