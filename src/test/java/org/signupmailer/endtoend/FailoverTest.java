package org.signupmailer.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.testing.DeadLetterLine;
import org.signupmailer.testing.Setup;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ReceivedMail;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** The next relay takes what one relay can't. */
@Execution(ExecutionMode.CONCURRENT)
class FailoverTest {

    private final ScriptedSmtpServer first = ScriptedSmtpServer.start();
    private final ScriptedSmtpServer second = ScriptedSmtpServer.start();
    private final ScriptedSmtpServer third = ScriptedSmtpServer.start();

    @AfterEach
    void stop() {
        first.close();
        second.close();
        third.close();
    }

    private Setup threeRelays() {
        return SignupMailer.with().relay(first).relay(second).relay(third);
    }

    @Test
    void theSecondRelayTakesOverAtOnceAndOneFailoverIsCounted() {
        first.stop();
        try (SignupMailer mailer = threeRelays().start()) {
            TestEvent event = mailer.publish(TestEvents.verificationCode());

            ReceivedMail mail = Mails.await(second, event);

            assertThat(mail.from()).isEqualTo("no-reply-2@shop.example");
            assertThat(mail.header("From")).contains("no-reply-2@shop.example");
            mailer.awaitCommitted(1);
            assertThat(mailer.counter("signup.mailer.failovers", "from", "primary", "to", "secondary"))
                    .isEqualTo(1);
            assertThat(mailer.counter("signup.mailer.failovers")).isEqualTo(1);
            assertThat(mailer.deadLetters()).isEmpty();
            assertThat(third.connections()).isZero();
        }
    }

    @Test
    void theThirdRelayTakesOverWhenTwoAreDown() {
        first.stop();
        second.on(Phase.GREETING).replyAndClose(421, "4.3.2 shutting down");
        try (SignupMailer mailer = threeRelays().start()) {
            TestEvent event = mailer.publish(TestEvents.verificationCode());

            Mails.await(third, event);

            mailer.awaitCommitted(1);
            assertThat(mailer.counter("signup.mailer.failovers", "from", "primary", "to", "secondary"))
                    .isEqualTo(1);
            assertThat(mailer.counter("signup.mailer.failovers", "from", "secondary", "to", "tertiary"))
                    .isEqualTo(1);
            assertThat(second.mailCount()).isZero();
        }
    }

    @Test
    void theMessageIdIsTheSameWhicheverRelayTakesTheMail() {
        first.on(Phase.DATA_END).reply(451, "4.3.0 later").once();
        try (SignupMailer mailer = threeRelays().start()) {
            TestEvent event = mailer.publish(TestEvents.verificationCode());

            ReceivedMail taken = Mails.await(second, event);

            ReceivedMail refused = first.refused().get(0);
            assertThat(refused.eventId()).isEqualTo(event.id());
            assertThat(taken.header("Message-ID")).isEqualTo(refused.header("Message-ID"));
            assertThat(Mails.text(taken)).isEqualTo(Mails.text(refused));
        }
    }

    @Test
    void whenNoRelayTakesItTheDeadLetterTellsEveryAttemptInTopicAndLog() {
        first.on(Phase.MAIL).reply(451, "4.3.0 busy");
        second.on(Phase.RCPT).reply(450, "4.2.0 greylisted");
        third.on(Phase.DATA_END).reply(554, "5.7.1 looks like spam");
        try (SignupMailer mailer = threeRelays().start()) {
            TestEvent event = mailer.publish(TestEvents.verificationCode().expiresIn(Duration.ofSeconds(5)));

            DeadLetterLine logged = mailer.awaitDeadLetters(1).get(0);

            assertThat(logged.id()).isEqualTo(event.id());
            assertThat(logged.type()).isEqualTo("signup.verification-code");
            assertThat(logged.recipient()).isEqualTo(event.email());
            assertThat(logged.reason()).isEqualTo("relays-exhausted");
            assertThat(logged.relaysAsked()).containsExactly("primary", "secondary", "tertiary");
            assertThat(logged.phases()).containsExactly("mail", "rcpt", "final-dot");
            assertThat(logged.replies())
                    .containsExactly("451 4.3.0 busy", "450 4.2.0 greylisted", "554 5.7.1 looks like spam");
            assertThat(logged.json().at("/attempts/0/host").asText()).isEqualTo("127.0.0.1");
            assertThat(logged.json().at("/attempts/0/port").asInt()).isEqualTo(first.port());
            List<DeadLetterLine> topic = mailer.deadLetterTopic();
            assertThat(topic).hasSize(1);
            assertThat(topic.get(0).json()).isEqualTo(logged.json());
            mailer.awaitCommitted(1);
            assertThat(mailer.counter("signup.mailer.dead.letters", "reason", "relays-exhausted"))
                    .isEqualTo(1);
            assertThat(first.mailCount() + second.mailCount() + third.mailCount())
                    .isZero();
        }
    }

    @Test
    void relaysWithoutSettingsArePassedOver() {
        try (SignupMailer mailer = SignupMailer.with().relay(3, third).start()) {
            TestEvent event = mailer.publish(TestEvents.verificationCode());

            Mails.await(third, event);

            mailer.awaitCommitted(1);
            assertThat(mailer.counter("signup.mailer.failovers")).isZero();
        }
    }

    @Test
    void aRelayWithoutSmtpUtf8LeavesInternationalAddressesToTheNext() {
        try (ScriptedSmtpServer old =
                        ScriptedSmtpServer.with().withoutCapability("SMTPUTF8").start();
                SignupMailer mailer =
                        SignupMailer.with().relay(old).relay(second).start()) {
            TestEvent international =
                    mailer.publish(TestEvents.verificationCode().to("аня@example.com"));
            TestEvent domainOnly = mailer.publish(TestEvents.verificationCode().to("ann@почта.example"));

            Mails.await(second, international);
            ReceivedMail ascii = Mails.await(old, domainOnly);

            assertThat(ascii.recipients()).containsExactly("ann@xn--80a1acny.example");
            assertThat(old.mailCount()).isEqualTo(1);
        }
    }
}
