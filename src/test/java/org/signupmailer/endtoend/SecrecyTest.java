package org.signupmailer.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What must not be read by those who read logs and metrics. */
@ExtendWith(OutputCaptureExtension.class)
class SecrecyTest {

    private static final String PASSWORD = "correct-horse-battery";

    @Test
    void noCodeLinkPasswordOrAddressIsInTheLogOrInAMetricHoweverMuchGoesWrong(CapturedOutput output) throws Exception {
        try (ScriptedSmtpServer first =
                        ScriptedSmtpServer.with().user("shop-user", "another").start();
                ScriptedSmtpServer second = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.with()
                        .relay(first)
                        .login(1, "shop-user", PASSWORD)
                        .relay(second)
                        .start()) {
            TestEvent mailed = TestEvents.verificationCode().to("mailed.person@example.com");
            TestEvent unknown = TestEvents.passwordReset().to("unknown.person@example.com");
            TestEvent expired =
                    TestEvents.emailChange().to("expired.person@example.com").expiresIn(Duration.ofMinutes(-1));
            TestEvent invalid = TestEvents.confirmationLink()
                    .to("invalid.person@example.com")
                    .without("link")
                    .with("link", "http://example.com/invalid-secret-token");
            TestEvent exhausted = TestEvents.reauthentication()
                    .to("exhausted.person@example.com")
                    .expiresIn(Duration.ofSeconds(5));
            second.on(Phase.RCPT)
                    .forRecipient("unknown.person@example.com")
                    .reply(550, "5.1.1 <unknown.person@example.com>: no such user");
            second.on(Phase.RCPT)
                    .forRecipient("exhausted.person@example.com")
                    .reply(451, "4.3.0 <exhausted.person@example.com> later");
            List<TestEvent> events = List.of(mailed, unknown, expired, invalid, exhausted);

            events.forEach(mailer::publish);
            mailer.publishText(
                    "broken.person@example.com", "{\"data\":{\"email\":\"broken.person@example.com\",\"code\":");

            Mails.await(second, mailed);
            mailer.awaitDeadLetters(5);
            mailer.awaitCommitted(6);
            String metrics = get(mailer, "/actuator/prometheus");
            mailer.stop();

            assertThat(metrics).contains("signup_mailer_events_total");
            String log = output.getAll();
            assertThat(log).contains("accepted by secondary for m***@example.com");
            for (String secret : secretsOf(events)) {
                assertThat(log).doesNotContain(secret);
                assertThat(metrics).doesNotContain(secret);
            }
        }
    }

    private static List<String> secretsOf(List<TestEvent> events) {
        List<String> secrets = new ArrayList<>(List.of(
                PASSWORD,
                Base64.getEncoder().encodeToString(("\0shop-user\0" + PASSWORD).getBytes(StandardCharsets.UTF_8)),
                "ann.new@example.com",
                "invalid-secret-token",
                ".person@"));
        for (TestEvent event : events) {
            String code = event.code();
            String link = event.link();
            if (code != null) {
                // Six digits alone could be the end of a time or a port; in what is logged they'd be a word.
                secrets.add(code);
            }
            if (link != null) {
                secrets.add(link);
            }
        }
        return secrets;
    }

    private static String get(SignupMailer mailer, String path) throws Exception {
        String login = Base64.getEncoder()
                .encodeToString(("admin:" + mailer.setting("MANAGEMENT_PASSWORD")).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + mailer.managementPort() + path))
                .header("Authorization", "Basic " + login)
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        return response.body().lines().collect(Collectors.joining("\n"));
    }
}
