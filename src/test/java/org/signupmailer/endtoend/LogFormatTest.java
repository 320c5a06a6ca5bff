package org.signupmailer.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.signupmailer.testing.MailerProcess;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Log lines for people and for programs. */
@ExtendWith(OutputCaptureExtension.class)
class LogFormatTest {

    /** In a process of its own: the form of the log is the whole process's. */
    @Test
    void anEventsEndIsAnObjectWithFieldsForPrograms() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.with()
                        .relay(smtp)
                        .with("MAILER_LOG_FORMAT", "ecs")
                        .prepare();
                MailerProcess process = MailerProcess.start(mailer)) {
            TestEvent event = mailer.publish(TestEvents.verificationCode().to("ann.long@example.com"));
            process.awaitPrinted(event.id());

            String line = process.printed()
                    .lines()
                    .filter(one -> one.contains(event.id()))
                    .findFirst()
                    .orElseThrow();
            JsonNode json = new JsonMapper().readTree(line);
            assertThat(field(json, "mail.id")).isEqualTo(event.id());
            assertThat(field(json, "mail.end")).isEqualTo("accepted");
            assertThat(field(json, "mail.relay")).isEqualTo("primary");
            assertThat(field(json, "mail.recipient")).isEqualTo("a***@example.com");
            assertThat(field(json, "mail.attempts")).isEqualTo("1");
            assertThat(field(json, "mail.milliseconds")).matches("\\d+");
            assertThat(json.path("message").asText())
                    .contains(" accepted by primary for a***@example.com (1 attempt, ");
            assertThat(line).doesNotContain("ann.long", String.valueOf(event.code()));
        }
    }

    @Test
    void anEventThatIsTriedAgainSaysWhatEachRelayDidButNotWhatItWrote(CapturedOutput output) {
        try (ScriptedSmtpServer first = ScriptedSmtpServer.start();
                ScriptedSmtpServer second = ScriptedSmtpServer.start();
                SignupMailer mailer =
                        SignupMailer.with().relay(first).relay(second).start()) {
            TestEvent event = TestEvents.verificationCode().to("ann.long@example.com");
            first.stop();
            second.on(Phase.DATA_END)
                    .reply(451, "4.3.2 not now, ann.long@example.com: " + event.code())
                    .once();

            mailer.publish(event);
            Mails.await(second, event);

            assertThat(output.getOut().lines().filter(line -> line.contains(event.id() + " is tried again")))
                    .singleElement()
                    .asString()
                    .matches(".* is tried again in \\d+ s for a\\*\\*\\*@example\\.com:"
                            + " \"primary\" failed while connecting: Connection refused \\(port \\d+\\);"
                            + " \"secondary\" failed after the whole mail was sent: 451 4\\.3\\.2"
                            + " \\(2 attempts, \\d+ ms\\)");
        }
    }

    @Test
    void anIdCannotForgeALineOrTurnItAround(CapturedOutput output) {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.start(smtp)) {
            mailer.publish(TestEvents.welcome().id("forged\u2028line\u202egnorw"));
            awaitLine(output, "forged");

            assertThat(output.getOut()).contains("forged?line?gnorw accepted by primary");
        }
    }

    private static void awaitLine(CapturedOutput output, String text) {
        Awaitility.await(text)
                .atMost(SignupMailer.PATIENCE)
                .until(() -> output.getOut().contains(text) && output.getOut().contains("accepted by"));
    }

    private static String field(JsonNode json, String name) {
        JsonNode flat = json.path(name);
        return (flat.isMissingNode() ? json.at("/" + name.replace('.', '/')) : flat).asText();
    }
}
