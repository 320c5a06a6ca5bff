package org.signupmailer.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.testing.DeadLetterLine;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.guarantee.EveryEventHasAnEnd;
import org.signupmailer.testing.guarantee.NoEventEndsTwice;
import org.signupmailer.testing.guarantee.NoMailTwice;
import org.signupmailer.testing.guarantee.Scenario;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** An id is mailed once, and of several codes the newest. */
@Execution(ExecutionMode.CONCURRENT)
class OnceOnlyTest {

    private final ScriptedSmtpServer smtp = ScriptedSmtpServer.start();

    @AfterEach
    void stop() {
        smtp.close();
    }

    @Test
    void theSameIdIsMailedOnceHoweverOftenItIsPublishedAndAfterARestartToo() {
        try (SignupMailer mailer = SignupMailer.with().partitions(1).relay(smtp).start()) {
            Scenario scenario = Scenario.with(mailer, smtp);
            TestEvent event = scenario.publish(TestEvents.verificationCode());
            Mails.await(smtp, event);
            mailer.publish(event);
            mailer.publish(event.to("somebody.else@example.com").binary());
            mailer.awaitCommitted(3);

            mailer.stop();
            mailer.startAgain();
            mailer.publish(event);

            Mails.await(smtp, scenario.publish(TestEvents.verificationCode()));
            mailer.awaitCommitted(5);
            scenario.awaitEnds().upholds(new EveryEventHasAnEnd(), new NoMailTwice(), new NoEventEndsTwice());
            assertThat(mailer.deadLetters()).isEmpty();
        }
    }

    @Test
    void ofTheCodesThatOnePersonAskedForMeanwhileOnlyTheNewestIsMailed() {
        CountDownLatch released = new CountDownLatch(1);
        smtp.on(Phase.RCPT).forRecipient("ann@example.com").holdUntil(released).once();
        try (SignupMailer mailer = SignupMailer.with().partitions(1).relay(smtp).start()) {
            Scenario scenario = Scenario.with(mailer, smtp);
            TestEvent onItsWay = scenario.publish(TestEvents.verificationCode().to("ann@example.com"));
            Awaitility.await("the first is on its way")
                    .pollInterval(Duration.ofMillis(10))
                    .atMost(SignupMailer.PATIENCE)
                    .until(() -> smtp.count(Phase.RCPT) == 1);
            List<TestEvent> meanwhile = Stream.generate(
                            () -> TestEvents.verificationCode().to("ann@example.com"))
                    .limit(4)
                    .map(scenario::publish)
                    .toList();
            // It is behind them on their partition: when it is mailed, they have been read.
            Mails.await(smtp, scenario.publish(TestEvents.verificationCode()));
            released.countDown();

            scenario.awaitEnds().upholds(new EveryEventHasAnEnd(), new NoMailTwice(), new NoEventEndsTwice());

            assertThat(smtp.acceptedIds())
                    .contains(onItsWay.id(), meanwhile.get(3).id())
                    .hasSize(3);
            assertThat(mailer.deadLetters())
                    .extracting(DeadLetterLine::reason)
                    .containsExactly("superseded", "superseded", "superseded");
        } finally {
            released.countDown();
        }
    }
}
