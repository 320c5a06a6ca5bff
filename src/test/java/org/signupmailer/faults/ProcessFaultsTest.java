package org.signupmailer.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.testing.MailerProcess;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.guarantee.NoMailTwice;
import org.signupmailer.testing.guarantee.Outcome;
import org.signupmailer.testing.kafka.EmbeddedKafka;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

@Execution(ExecutionMode.CONCURRENT)
class ProcessFaultsTest {

    private static final int KILLS = 5;
    // Connections to a relay as they are by default.
    private static final int CONNECTIONS = 20;
    private static final Duration STOP = Duration.ofSeconds(30);

    @Test
    void killedFiveTimesUnderLoadItLosesNothing() {
        try (ScriptedSmtpServer relay = ScriptedSmtpServer.start();
                Trial trial = Trial.of(UnaryOperator.identity(), relay)) {
            trial.mailer().stop();
            relay.on(Phase.DATA_END).delay(Duration.ofMillis(100));
            int onTheWire = 0;
            for (int i = 0; i < KILLS; i++) {
                int before = relay.mailCount();
                trial.load(80, Duration.ofMillis(200));
                try (MailerProcess process = MailerProcess.start(trial.mailer())) {
                    relay.awaitMailCount(before + 50, Trial.PATIENCE);
                    onTheWire += relay.openConnections();
                    process.kill();
                }
                trial.takeStock();
            }
            try (MailerProcess process = MailerProcess.start(trial.mailer())) {
                trial.awaitEnds();
                Outcome outcome = trial.conclude(
                        "5",
                        "kill -9 under load",
                        "five times, a new process each time",
                        NoMailTwice.but(
                                KILLS * CONNECTIONS,
                                "what was on the wire, or accepted and not yet recorded, when the process was killed"),
                        "at most " + KILLS * CONNECTIONS + " mails twice: those on the connections at the kills, when "
                                + onTheWire + " connections were in use");
                assertThat(outcome.deadLetters()).isEmpty();
                process.terminate(STOP);
            }
        }
    }

    @Test
    void terminatedUnderLoadItMailsNothingTwice() {
        try (ScriptedSmtpServer relay = ScriptedSmtpServer.start();
                Trial trial = Trial.of(UnaryOperator.identity(), relay)) {
            trial.mailer().stop();
            relay.on(Phase.DATA_END).delay(Duration.ofMillis(100));
            try (MailerProcess process = MailerProcess.start(trial.mailer())) {
                trial.load(300, Duration.ofMillis(500));
                relay.awaitMailCount(100, Trial.PATIENCE);
                process.terminate(STOP);
            }
            trial.takeStock();
            try (MailerProcess process = MailerProcess.start(trial.mailer())) {
                trial.awaitEnds();
                Outcome outcome = trial.conclude(
                        "5", "SIGTERM under load", "terminated in the middle, started again", new NoMailTwice(), "");
                assertThat(outcome.deadLetters()).isEmpty();
                process.terminate(STOP);
            }
        }
    }

    @Test
    void withoutRoomForDeadLettersEventsStayInKafkaUntilThereIsSome() throws IOException, InterruptedException {
        assumeTrue(hasPrlimit(), "the limit of a running process's files is set with prlimit, a tool of Linux");
        try (ScriptedSmtpServer relay = ScriptedSmtpServer.start();
                Trial trial = Trial.of(UnaryOperator.identity(), relay)) {
            trial.mailer().stop();
            relay.on(Phase.RCPT)
                    .when(step -> String.valueOf(step.recipient()).startsWith("nobody"))
                    .reply(550, "5.1.1 User unknown");
            try (MailerProcess process = MailerProcess.start(trial.mailer())) {
                trial.load(20, Duration.ofMillis(200));
                relay.awaitMailCount(20, Trial.PATIENCE);
                // Room for one dead letter and a half.
                limitFiles(process, "2500");
                for (int i = 0; i < 10; i++) {
                    trial.publish(TestEvents.verificationCode().to("nobody" + i + "@example.com"));
                }
                process.awaitPrinted("stays in Kafka");
                trial.load(20, Duration.ofMillis(200));
                relay.awaitMailCount(40, Trial.PATIENCE);
                trial.takeStock();
                assertThat(trial.mailer().deadLetters()).hasSizeLessThan(10);
                limitFiles(process, "unlimited");
                Outcome outcome = trial.conclude(
                        "5",
                        "disk of the dead-letter log full",
                        "files may not grow; then they may again",
                        new NoMailTwice(),
                        "");
                assertThat(outcome.deadLetters()).hasSize(10).allSatisfy(letter -> assertThat(letter.reason())
                        .isEqualTo("recipient-rejected"));
                assertThat(trial.mailer().deadLetterTopic())
                        .allSatisfy(letter -> assertThat(letter.reason()).isEqualTo("recipient-rejected"));
                assertThat(trial.mailer().kafka().records(trial.ledgerTopic()).stream()
                                .map(ConsumerRecord::value)
                                .filter(entry -> entry.contains("\"dead\"")))
                        .hasSize(10)
                        .allSatisfy(entry -> assertThat(entry).contains("recipient-rejected"));
                process.terminate(STOP);
            }
        }
    }

    @Test
    void itStopsInTimeWhileItsRelaysAreSilent() {
        try (ScriptedSmtpServer relay = ScriptedSmtpServer.start();
                Trial trial = Trial.of(UnaryOperator.identity(), relay)) {
            relay.on(Phase.DATA_END).staySilent();
            trial.load(40, Duration.ofMillis(500));
            Awaitility.await("mails on their way").atMost(Trial.PATIENCE).until(() -> relay.openConnections() > 10);
            long millis = stop(trial);
            relay.reset();
            trial.mailer().startAgain();
            Outcome outcome = trial.conclude(
                    "5",
                    "SIGTERM while the relay is silent",
                    "stopped after " + millis + " ms, started again",
                    new NoMailTwice(),
                    "");
            assertThat(outcome.deadLetters()).isEmpty();
            assertThat(millis).isLessThan(STOP.toMillis());
        }
    }

    @Test
    void itStopsInTimeWhileKafkaIsAway() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                ScriptedSmtpServer relay = ScriptedSmtpServer.start();
                Trial trial = Trial.of(setup -> setup.kafka(kafka), relay)) {
            relay.on(Phase.DATA_END).delay(Duration.ofMillis(300));
            trial.load(60, Duration.ofMillis(500));
            kafka.stop();
            long millis = stop(trial);
            kafka.startAgain();
            trial.mailer().startAgain();
            // Mails that were accepted when their ends could not be recorded any more are sent again.
            Outcome outcome = trial.conclude(
                    "5",
                    "SIGTERM while Kafka is away",
                    "stopped after " + millis + " ms, started again",
                    NoMailTwice.but(CONNECTIONS, "no ledger can be written while Kafka is away"),
                    "what was accepted and could not be recorded is mailed again");
            assertThat(outcome.deadLetters()).isEmpty();
            assertThat(millis).isLessThan(STOP.toMillis());
        }
    }

    private static long stop(Trial trial) {
        long start = System.nanoTime();
        trial.mailer().stop();
        return Duration.ofNanos(System.nanoTime() - start).toMillis();
    }

    private static boolean hasPrlimit() {
        return Files.isExecutable(Path.of("/usr/bin/prlimit"));
    }

    private static void limitFiles(MailerProcess process, String bytes) throws IOException, InterruptedException {
        Process prlimit = new ProcessBuilder(
                        "/usr/bin/prlimit", "--pid", String.valueOf(process.pid()), "--fsize=" + bytes + ":unlimited")
                .inheritIO()
                .start();
        assertThat(prlimit.waitFor()).isZero();
    }
}
