package org.signupmailer.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.signupmailer.testing.DeadLetterLine;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** What operators decide about replies that nobody can decide for them. */
class OperatorsChoiceTest {

    private final ScriptedSmtpServer first = ScriptedSmtpServer.start();
    private final ScriptedSmtpServer second = ScriptedSmtpServer.start();

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    @Test
    void anUncertainMailGoesToTheNextRelayByDefault() {
        first.on(Phase.DATA_END).dropConnection().once();
        try (SignupMailer mailer =
                SignupMailer.with().relay(first).relay(second).start()) {
            TestEvent event = mailer.publish(TestEvents.verificationCode());

            assertThat(Mails.await(second, event).header("X-Event-Id")).contains(event.id());
            assertThat(mailer.counter("signup.mailer.attempts", "class", "uncertain"))
                    .isEqualTo(1);
        }
    }

    @Test
    void anUncertainMailIsGivenUpWhereOperatorsWantNoneTwice() {
        first.on(Phase.DATA_END).dropConnection().once();
        try (SignupMailer mailer = SignupMailer.with()
                .relay(first)
                .relay(second)
                .with("MAILER_UNCERTAIN", "dead-letter")
                .start()) {
            mailer.publish(TestEvents.verificationCode());

            DeadLetterLine letter = mailer.awaitDeadLetters(1).get(0);
            assertThat(letter.reason()).isEqualTo("relays-exhausted");
            assertThat(second.connections()).isZero();
        }
    }

    @Test
    void aRuleOfTheOperatorsOverrulesTheShippedOnes(@TempDir Path folder) throws Exception {
        Path rules = Files.writeString(folder.resolve("rules.yaml"), """
                rules:
                  - id: our-relay-greets-strangely
                    phases: [mail]
                    codes: ["451"]
                    text: "mailbox of the shop is closed"
                    class: message
                    explanation: The shop's relay refuses mails of this kind.
                """);
        first.on(Phase.MAIL).reply(451, "4.3.0 the mailbox of the shop is closed");
        try (SignupMailer mailer = SignupMailer.with()
                .relay(first)
                .relay(second)
                .with("MAILER_REPLY_RULES", rules.toString())
                .start()) {
            mailer.publish(TestEvents.verificationCode());

            assertThat(mailer.awaitDeadLetters(1).get(0).reason()).isEqualTo("message-rejected");
            assertThat(second.connections()).isZero();
        }
    }
}
