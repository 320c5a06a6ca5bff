package org.signupmailer.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.ReceivedMail;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

class MailContentTest {

    private static ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
    private static SignupMailer mailer = SignupMailer.start(smtp);

    @BeforeAll
    static void start() {
        assertThat(smtp.mailCount()).isZero();
    }

    @AfterAll
    static void stop() {
        mailer.close();
        smtp.close();
    }

    @Test
    void anEventArrivesAsAMail() {
        TestEvent event = mailer.publish(TestEvents.verificationCode().to("ann@example.com"));
        ReceivedMail mail = smtp.awaitMails(1, SignupMailer.PATIENCE).get(0);
        assertThat(mail.eventId()).isEqualTo(event.id());
        assertThat(mail.recipients()).containsExactly("ann@example.com");
    }
}
