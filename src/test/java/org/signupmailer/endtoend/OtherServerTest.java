package org.signupmailer.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;

/** A mail server that nobody here wrote takes the mails, with a login, and reads them back. */
class OtherServerTest {

    private static final long DEADLINE_MILLIS = 30_000;

    private final GreenMail greenMail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    @BeforeEach
    void start() {
        greenMail.setUser("shop@example.com", "shop", "a-password-of-tests");
        greenMail.start();
    }

    @AfterEach
    void stop() {
        greenMail.stop();
    }

    @Test
    void greenMailTakesAMailWithBothPartsAfterALogin() throws Exception {
        try (SignupMailer mailer = SignupMailer.with()
                .with("SMTP_HOST", "127.0.0.1")
                .with("SMTP_PORT", String.valueOf(greenMail.getSmtp().getPort()))
                .with("SMTP_TLS", "none")
                .with("SMTP_USER", "shop")
                .with("SMTP_PASS", "a-password-of-tests")
                .with("SMTP_FROM", "no-reply@shop.example")
                .start()) {
            TestEvent event =
                    mailer.publish(TestEvents.verificationCode().locale("ru").name("Анна"));

            assertThat(greenMail.waitForIncomingEmail(DEADLINE_MILLIS, 1)).isTrue();
            MimeMessage mail = greenMail.getReceivedMessages()[0];
            assertThat(mail.getHeader("X-Event-Id")).containsExactly(event.id());
            MimeMultipart parts = (MimeMultipart) mail.getContent();
            assertThat(parts.getBodyPart(0).getContentType()).startsWith("text/plain");
            assertThat((String) parts.getBodyPart(0).getContent()).contains("Анна");
            assertThat(parts.getBodyPart(1).getContentType()).startsWith("text/html");
            assertThat((String) parts.getBodyPart(1).getContent()).contains("Анна");
        }
    }
}
