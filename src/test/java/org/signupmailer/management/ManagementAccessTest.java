package org.signupmailer.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class ManagementAccessTest {

    private static final Pattern DRAWN = Pattern.compile(
            "(?m)^Management login for this run: user admin, password (\\S+) \\(set MANAGEMENT_PASSWORD");

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    void onlyHealthIsOpenAndShowsNoDetails() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.with().relay(smtp).start()) {
            for (String path : new String[] {
                "/",
                "/error",
                "/actuator",
                "/actuator/",
                "/actuator/prometheus",
                "/actuator/metrics",
                "/actuator/env",
                "/actuator/jolokia",
                "/hawtio",
                "/actuator/hawtio",
                "/favicon.ico",
                "/actuator/healthy",
                "/nothing"
            }) {
                assertThat(get(mailer, path, null).statusCode()).as(path).isEqualTo(401);
            }
            assertThat(get(mailer, "/actuator/health", null).body())
                    .matches("\\{\"status\":\"UP\".*")
                    .doesNotContain("components", "details");

            String password = mailer.setting("MANAGEMENT_PASSWORD");
            assertThat(get(mailer, "/actuator/prometheus", "admin:" + password).statusCode())
                    .isEqualTo(200);
            assertThat(get(mailer, "/actuator/prometheus", "admin:" + password + "x")
                            .statusCode())
                    .isEqualTo(401);
            assertThat(get(mailer, "/actuator/prometheus", "root:" + password).statusCode())
                    .isEqualTo(401);
            assertThat(get(mailer, "/actuator/health", "admin:wrong").statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void aDrawnPasswordIsPrintedOnceOutsideTheLogAndOpens(CapturedOutput output) throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.with()
                        .relay(smtp)
                        .with("MANAGEMENT_PASSWORD", "")
                        .start()) {
            Matcher drawn = DRAWN.matcher(output.getOut());
            assertThat(drawn.find()).isTrue();
            String password = drawn.group(1);

            assertThat(get(mailer, "/actuator/prometheus", "admin:" + password).statusCode())
                    .isEqualTo(200);
            assertThat(output.getAll().split(Pattern.quote(password), -1)).hasSize(2);
        }
    }

    private HttpResponse<String> get(SignupMailer mailer, String path, @Nullable String login)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + mailer.managementPort() + path));
        if (login != null) {
            request.header(
                    "Authorization",
                    "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
