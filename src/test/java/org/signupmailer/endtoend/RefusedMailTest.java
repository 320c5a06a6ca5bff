package org.signupmailer.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.signupmailer.testing.DeadLetterLine;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** What no relay may be bothered with again: the recipient's and the mail's own faults. */
class RefusedMailTest {

    private static final ScriptedSmtpServer FIRST = ScriptedSmtpServer.start();
    private static final ScriptedSmtpServer SECOND = ScriptedSmtpServer.start();
    private static final SignupMailer MAILER =
            SignupMailer.with().relay(FIRST).relay(SECOND).start();

    @BeforeAll
    static void start() {
        MAILER.awaitReading();
    }

    @AfterEach
    void wellBehavedAgain() {
        FIRST.reset();
    }

    @AfterAll
    static void stop() {
        MAILER.close();
        FIRST.close();
        SECOND.close();
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({
        "RCPT,     550, 5.1.1 No such user,                 recipient-rejected",
        "RCPT,     550, No such user here,                  recipient-rejected",
        "RCPT,     553, 5.1.3 Bad destination address,      recipient-rejected",
        "RCPT,     552, 5.2.2 Mailbox full,                 recipient-rejected",
        "DATA_END, 550, 5.1.1 User unknown,                 recipient-rejected",
        "DATA_END, 552, 5.3.4 Message too big,              message-rejected",
        "DATA_END, 554, 5.6.0 Content can not be converted, message-rejected"
    })
    void aRefusalOfRecipientOrMailIsADeadLetterAtOnceAndNoOtherRelayIsAsked(
            Phase phase, int code, String words, String reason) {
        FIRST.on(phase).reply(code, words);
        int before = MAILER.deadLetters().size();
        TestEvent event = MAILER.publish(TestEvents.verificationCode());

        DeadLetterLine letter = MAILER.awaitDeadLetters(before + 1).get(before);

        assertThat(letter.id()).isEqualTo(event.id());
        assertThat(letter.reason()).isEqualTo(reason);
        assertThat(letter.relaysAsked()).containsExactly("primary");
        assertThat(letter.replies()).containsExactly(code + " " + words);
        assertThat(SECOND.connections()).isZero();
        assertThat(Mails.find(FIRST, event)).isEmpty();
    }

    @Test
    void theRelayIsNotBlamedAndTakesTheNextMail() {
        FIRST.on(Phase.RCPT)
                .when(step -> String.valueOf(step.recipient()).startsWith("nobody-"))
                .reply(550, "5.1.1 No such user");
        int before = MAILER.deadLetters().size();
        for (int i = 0; i < 12; i++) {
            MAILER.publish(TestEvents.verificationCode().to("nobody-" + i + "@example.com"));
        }
        MAILER.awaitDeadLetters(before + 12);
        TestEvent next = MAILER.publish(TestEvents.verificationCode());

        Mails.await(FIRST, next);

        assertThat(SECOND.connections()).isZero();
        assertThat(MAILER.counter("signup.mailer.attempts", "relay", "primary", "class", "recipient"))
                .isGreaterThanOrEqualTo(12);
    }
}
