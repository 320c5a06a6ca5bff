package org.signupmailer.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** Retry topics that are looked at now and then, as those with the delays of the default are. */
@Execution(ExecutionMode.CONCURRENT)
class RetryTopicsTest {

    private static final Duration DELAY = Duration.ofSeconds(4);
    // Between two looks at the topic.
    private static final Duration EVERY = DELAY.dividedBy(5);

    @Test
    void whatNoRelayTookIsMailedWhenItsTimeHasComeThoughTheTopicIsReadNowAndThen() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer mailer = start(smtp)) {
            String topic = mailer.topic() + ".retry-" + DELAY.toSeconds() + "s";
            List<TestEvent> refused = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                TestEvent event = TestEvents.verificationCode().to("retried-" + i + "@example.com");
                smtp.on(Phase.RCPT)
                        .forRecipient("retried-" + i + "@example.com")
                        .reply(451, "4.3.2 not now")
                        .once();
                mailer.publish(event);
                refused.add(event);
                // While the next look is still to come, and others are mailed meanwhile.
                Awaitility.await("the event is on the retry topic")
                        .atMost(SignupMailer.PATIENCE)
                        .until(() -> mailer.kafka().records(topic).size() == refused.size());
                Mails.await(smtp, mailer.publish(TestEvents.welcome()));
            }

            for (TestEvent event : refused) {
                Mails.await(smtp, event);
            }

            assertThat(mailer.kafka().records(topic)).hasSize(refused.size()).allSatisfy(record -> {
                Instant written = Instant.ofEpochMilli(record.timestamp());
                assertThat(smtp.mails())
                        .filteredOn(mail -> mail.recipients().contains(record.key()))
                        .singleElement()
                        .satisfies(mail -> assertThat(mail.receivedAt()).isAfter(written.plus(DELAY.minus(EVERY))));
            });
            assertThat(mailer.deadLetters()).isEmpty();
        }
    }

    @Test
    void whatWaitsThereIsReadAfterARestartToo() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer mailer = start(smtp)) {
            smtp.on(Phase.RCPT).reply(451, "4.3.2 not now").once();
            TestEvent event = mailer.publish(TestEvents.verificationCode());
            mailer.awaitCommitted(1);

            mailer.stop();
            mailer.startAgain();

            Mails.await(smtp, event);
            assertThat(smtp.acceptedIds()).containsExactly(event.id());
        }
    }

    private static SignupMailer start(ScriptedSmtpServer smtp) {
        SignupMailer mailer = SignupMailer.with()
                .with("MAILER_RETRY_DELAYS", DELAY.toSeconds() + "s")
                .relay(smtp)
                .start();
        mailer.awaitReading();
        return mailer;
    }
}
