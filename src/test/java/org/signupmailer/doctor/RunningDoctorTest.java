package org.signupmailer.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** The doctor within the running application. */
@ExtendWith(OutputCaptureExtension.class)
class RunningDoctorTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void aWrongPasswordIsWarnedOfAfterTheStartWithTheRemedyAndTriedOnce(CapturedOutput output) {
        try (ScriptedSmtpServer first = server();
                ScriptedSmtpServer second = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.with()
                        .relay(1, first)
                        .login(1, Clinic.USER, Clinic.PASSWORD + "-no-more")
                        .relay(2, second)
                        .with("MAILER_START_CHECK", "true")
                        .start()) {
            mailer.awaitReading();

            await().atMost(SignupMailer.PATIENCE).untilAsserted(() -> assertThat(output.getOut())
                    .contains("Relay check: primary would not take mail now. The relay refused user name or"
                            + " password, or the way to log in. Check both;")
                    .contains("Relay check: secondary is well ("));
            assertThat(first.count(Phase.AUTH)).isEqualTo(1);
            assertThat(second.mailCount()).isZero();
            String out = output.getAll();
            assertThat(out.indexOf("Relay check")).isGreaterThan(out.indexOf("Ready: reading"));
            for (String secret : Clinic.secrets()) {
                assertThat(out).doesNotContainIgnoringCase(secret);
            }
        }
    }

    @Test
    void aRelayThatIsSilentAtTheCheckHoldsUpNeitherTheStartNorAMail() {
        try (ScriptedSmtpServer first = ScriptedSmtpServer.start();
                ScriptedSmtpServer second = ScriptedSmtpServer.start()) {
            first.on(Phase.GREETING).staySilent().once();
            first.on(Phase.GREETING).replyAndClose(421, "4.3.2 Not now");
            try (SignupMailer mailer = SignupMailer.with()
                    .relay(1, first)
                    .relay(2, second)
                    .with("MAILER_START_CHECK", "true")
                    .start()) {
                mailer.awaitReading();
                await().atMost(SignupMailer.PATIENCE).until(() -> first.connections() > 0);

                mailer.publish(TestEvents.verificationCode());
                second.awaitMails(1, SignupMailer.PATIENCE);

                assertThat(first.openConnections()).isPositive();
            }
        }
    }

    @Test
    void theHealthTellsEachRelayAndIsUpWhileOneTakesMail() throws Exception {
        try (ScriptedSmtpServer first = server();
                ScriptedSmtpServer second = server();
                SignupMailer mailer = SignupMailer.with()
                        .relay(1, first)
                        .login(1, Clinic.USER, "wrong")
                        .relay(2, second)
                        .login(2, Clinic.USER, Clinic.PASSWORD)
                        .start()) {
            mailer.awaitReading();
            mailer.publish(TestEvents.verificationCode());
            second.awaitMails(1, SignupMailer.PATIENCE);

            HttpResponse<String> health = get(mailer, "");
            JsonNode relays = new ObjectMapper().readTree(health.body()).at("/components/relays");
            assertThat(health.statusCode()).as(health.body()).isEqualTo(200);
            assertThat(relays.get("status").textValue()).isEqualTo("UP");
            assertThat(relays.at("/details/primary/state").textValue()).isEqualTo("resting");
            assertThat(relays.at("/details/primary/why").textValue())
                    .isEqualTo("The relay refused user name or password, or the way to log in.");
            assertThat(relays.at("/details/primary/restingUntil").textValue()).startsWith("20");
            assertThat(relays.at("/details/primary/lastFailure").textValue())
                    .contains("at the login: 535 5.7.8. The relay refused user name or password")
                    .as("the text is the relay's, which writes what it likes")
                    .doesNotContain("credentials invalid");
            assertThat(relays.at("/details/secondary/state").textValue()).isEqualTo("up");
            assertThat(relays.at("/details/secondary/lastAccepted").textValue()).startsWith("20");

            second.changePassword(Clinic.USER, "another");
            second.dropConnections();
            mailer.publish(TestEvents.verificationCode());
            await().atMost(SignupMailer.PATIENCE).until(() -> get(mailer, "").statusCode() == 503);
            assertThat(get(mailer, "").body()).contains("\"NO_RELAY\"");
            assertThat(get(mailer, "/liveness").statusCode()).isEqualTo(200);
            assertThat(get(mailer, "/readiness").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void theDoctorOfTheRunningApplicationExaminesOneRelay() {
        try (ScriptedSmtpServer first = server();
                SignupMailer mailer = SignupMailer.with()
                        .relay(1, first)
                        .login(1, Clinic.USER, "wrong")
                        .start()) {
            RelayDoctor doctor = mailer.camel().getRegistry().findSingleByType(RelayDoctor.class);

            assertThat(doctor.examine("primary").lines())
                    .first()
                    .asString()
                    .startsWith("✖ primary: The relay refused user name or password");
            assertThat(doctor.examine("other")).isEqualTo("There is no relay \"other\"; the settings have primary.");
            assertThat(first.mailCount()).isZero();
        }
    }

    private static ScriptedSmtpServer server() {
        return ScriptedSmtpServer.with()
                .user(Clinic.USER, Clinic.PASSWORD)
                .requireAuth()
                .start();
    }

    private static HttpResponse<String> get(SignupMailer mailer, String path) throws IOException, InterruptedException {
        String login = "admin:" + mailer.setting("MANAGEMENT_PASSWORD");
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + mailer.managementPort() + "/actuator/health" + path))
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.US_ASCII)))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
