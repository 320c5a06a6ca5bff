package org.signupmailer.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.signupmailer.testing.MailerProcess;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.guarantee.EveryEventHasAnEnd;
import org.signupmailer.testing.guarantee.NoDeadLetterWithoutReason;
import org.signupmailer.testing.guarantee.NoEventEndsTwice;
import org.signupmailer.testing.guarantee.NoMailAfterExpiry;
import org.signupmailer.testing.guarantee.NoMailOutOfNothing;
import org.signupmailer.testing.guarantee.NoMailTwice;
import org.signupmailer.testing.guarantee.Scenario;
import org.signupmailer.testing.kafka.EmbeddedKafka;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** Offsets are committed behind ended events only, and a clean stop neither loses nor repeats a mail. */
class CommitAndStopTest {

    private final ScriptedSmtpServer smtp = ScriptedSmtpServer.start();

    @AfterEach
    void stop() {
        smtp.close();
    }

    @Test
    void aMailOnItsWayHoldsBackTheOffsetAndNothingElse() {
        CountDownLatch released = new CountDownLatch(1);
        smtp.on(Phase.DATA_END).holdUntil(released).once();
        try (SignupMailer mailer = SignupMailer.with().partitions(1).relay(smtp).start()) {
            TestEvent held = mailer.publish(TestEvents.verificationCode());
            awaitHeldBack();

            List<TestEvent> behind = Stream.generate(TestEvents::verificationCode)
                    .limit(20)
                    .map(mailer::publish)
                    .toList();
            behind.forEach(event -> Mails.await(smtp, event));

            // Several rounds of commits pass by.
            Awaitility.await("the offset stays")
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(50))
                    .during(Duration.ofMillis(700))
                    .atMost(SignupMailer.PATIENCE)
                    .until(() -> mailer.committed() == 0);
            released.countDown();
            Mails.await(smtp, held);
            mailer.awaitCommitted(21);
        } finally {
            released.countDown();
        }
    }

    /** In a process of its own, so that what it says is all that is said. */
    @Test
    void aStopWhileKafkaIsAwaySaysWhichMailsComeTwiceAndHasNoOtherWordsForIt() {
        CountDownLatch kafkaIsAway = new CountDownLatch(1);
        smtp.on(Phase.DATA_END).holdUntil(kafkaIsAway).times(3);
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                SignupMailer mailer =
                        SignupMailer.with().kafka(kafka).relay(smtp).prepare()) {
            try (MailerProcess process = MailerProcess.start(mailer)) {
                List<TestEvent> events = Stream.generate(TestEvents::verificationCode)
                        .limit(3)
                        .map(mailer::publish)
                        .toList();
                Awaitility.await("three are in flight")
                        .pollInterval(Duration.ofMillis(10))
                        .atMost(SignupMailer.PATIENCE)
                        .until(() -> smtp.uncertain().size() == 3);
                kafka.stop();
                kafkaIsAway.countDown();
                smtp.awaitMails(3, SignupMailer.PATIENCE);

                process.terminate(SignupMailer.PATIENCE);

                for (TestEvent event : events) {
                    assertThat(process.printed())
                            .containsOnlyOnce(
                                    event.id() + " was accepted by primary, but Kafka did not take the record of it"
                                            + " before the stop: it will be mailed again");
                }
                assertThat(process.printed()).doesNotContain("unexpectedly").doesNotContain("RejectedExecution");
            }
            kafka.startAgain();
            try (MailerProcess again = MailerProcess.start(mailer)) {
                smtp.awaitMails(6, SignupMailer.PATIENCE);
                again.awaitPrinted(" accepted by primary");
            }
        }
    }

    private void awaitHeldBack() {
        Awaitility.await("a mail is held back")
                .pollInterval(Duration.ofMillis(10))
                .atMost(SignupMailer.PATIENCE)
                .until(() -> !smtp.uncertain().isEmpty());
    }

    @Test
    void aCleanStopFinishesWhatIsInFlightAndMailsNothingTwiceAfterTheRestart() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        smtp.on(Phase.DATA_END).holdUntil(released).times(5);
        try (SignupMailer mailer = SignupMailer.start(smtp)) {
            Scenario scenario = Scenario.with(mailer, smtp);
            for (int i = 0; i < 200; i++) {
                scenario.publish(TestEvents.verificationCode());
            }
            Awaitility.await("five are in flight")
                    .pollInterval(Duration.ofMillis(10))
                    .atMost(SignupMailer.PATIENCE)
                    .until(() -> smtp.uncertain().size() == 5);

            CompletableFuture<Void> stopping = CompletableFuture.runAsync(mailer::stop);
            Awaitility.await("the stop waits for them")
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(20))
                    .during(Duration.ofMillis(400))
                    .atMost(SignupMailer.PATIENCE)
                    .until(() -> !stopping.isDone() && smtp.openConnections() >= 5);
            released.countDown();
            stopping.get(SignupMailer.PATIENCE.toSeconds(), TimeUnit.SECONDS);
            long committed = mailer.committed();
            assertThat(smtp.mailCount()).isBetween(5, 200);
            assertThat(committed).isLessThanOrEqualTo(smtp.mailCount());
            assertThat(smtp.uncertain()).isEmpty();

            mailer.startAgain();

            scenario.awaitEnds()
                    .upholds(
                            new EveryEventHasAnEnd(),
                            new NoEventEndsTwice(),
                            new NoMailTwice(),
                            new NoMailOutOfNothing(),
                            new NoMailAfterExpiry(),
                            new NoDeadLetterWithoutReason());
            mailer.awaitCommitted(200);
        } finally {
            released.countDown();
        }
    }
}
