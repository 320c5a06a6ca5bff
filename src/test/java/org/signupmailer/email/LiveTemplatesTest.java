package org.signupmailer.email;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** Templates are edited on the running system, too. */
class LiveTemplatesTest {

    @TempDir
    Path folder;

    @Test
    void aGoodEditIsInUseWithoutRestartAndABrokenOneLeavesTheLastGoodOne() throws Exception {
        Path subject = folder.resolve("signup.welcome/en/subject.ftl");
        Files.createDirectories(subject.getParent());
        Files.writeString(subject, "First ${product}");
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.with()
                        .relay(smtp)
                        .with("MAILER_TEMPLATES_DIR", folder.toString())
                        .start()) {
            assertThat(subject(mailer, smtp)).isEqualTo("First Shop");

            Files.writeString(subject, "Second ${product}");
            await(() -> counter(mailer, "accepted") == 1);
            assertThat(subject(mailer, smtp)).isEqualTo("Second Shop");

            Files.writeString(subject, "Third ${produkt}");
            await(() -> gauge(mailer) == 1);
            assertThat(subject(mailer, smtp)).isEqualTo("Second Shop");
            assertThat(mailer.bean(TemplatesMBean.class).getProblems())
                    .singleElement()
                    .asString()
                    .contains(subject + "\", line 1, column 9: \"produkt\" has no value");
            assertThat(mailer.bean(TemplatesMBean.class).getState()).startsWith("last-known-good since ");

            assertThat(mailer.bean(TemplatesMBean.class).undo()).startsWith("Put the state ");
            await(() -> gauge(mailer) == 0);
            assertThat(Files.readString(subject)).isEqualTo("Second ${product}");
            assertThat(mailer.deadLetters()).isEmpty();
        }
    }

    private static String subject(SignupMailer mailer, ScriptedSmtpServer smtp) {
        int before = smtp.mailCount();
        mailer.publish(TestEvents.welcome().locale("en"));
        return String.valueOf(
                smtp.awaitMails(before + 1, SignupMailer.PATIENCE).get(before).header("Subject"));
    }

    private static double counter(SignupMailer mailer, String result) {
        return mailer.counter("signup.mailer.template.reloads", "result", result);
    }

    private static double gauge(SignupMailer mailer) {
        return mailer.registry().get("signup.mailer.template.refused").gauge().value();
    }

    private static void await(Callable<Boolean> condition) {
        Awaitility.await()
                .pollInterval(Duration.ofMillis(20))
                .atMost(SignupMailer.PATIENCE)
                .until(condition);
    }
}
