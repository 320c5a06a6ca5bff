package org.signupmailer.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** The login of the management port as browsers and programs have it. */
class LoginTest {

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.start();
    private static final SignupMailer MAILER = SignupMailer.with().relay(SMTP).start();
    private static final Pattern TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");

    private final Http http = new Http(MAILER);

    @BeforeAll
    static void read() {
        MAILER.awaitReading();
    }

    @AfterAll
    static void stop() {
        MAILER.close();
        SMTP.close();
    }

    @Test
    void theFormOpensASessionThatOnlyItsOwnPagesCanUse() throws Exception {
        HttpResponse<String> in = logIn("admin", MAILER.setting("MANAGEMENT_PASSWORD"), "/actuator/metrics");

        assertThat(in.statusCode()).isEqualTo(302);
        assertThat(in.headers().firstValue("Location")).hasValue("/actuator/metrics");
        List<String> cookies = in.headers().allValues("Set-Cookie");
        assertThat(cookies)
                .anySatisfy(cookie ->
                        assertThat(cookie).startsWith("signup-mailer-0=").contains("HttpOnly", "SameSite=Strict"));
        assertThat(cookies)
                .anySatisfy(cookie ->
                        assertThat(cookie).startsWith("signup-mailer-device=").contains("HttpOnly", "SameSite=Strict"));
        String session = cookies.stream()
                .filter(cookie -> cookie.startsWith("signup-mailer-0="))
                .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
                .findFirst()
                .orElseThrow();
        assertThat(http.get("/actuator/hawtio/user", "Cookie", session).body()).isEqualTo("\"admin\"");

        String ask = "{\"type\":\"version\"}";
        assertThat(http.send(
                                "POST",
                                "/actuator/hawtio/jolokia",
                                ask,
                                "Cookie",
                                session,
                                "Content-Type",
                                "application/json")
                        .statusCode())
                .as("without the token")
                .isEqualTo(403);
        String token = "6c1f3b1e-0000-4000-8000-000000000000";
        assertThat(http.send(
                                "POST",
                                "/actuator/hawtio/jolokia",
                                ask,
                                "Cookie",
                                session + "; XSRF-TOKEN=" + token,
                                "X-XSRF-TOKEN",
                                token,
                                "Content-Type",
                                "application/json")
                        .statusCode())
                .as("with it")
                .isEqualTo(200);

        assertThat(http.get("/actuator/hawtio/auth/logout", "Cookie", session).body())
                .isEqualTo("Logged out.\n");
        assertThat(http.get("/actuator/hawtio/user", "Cookie", session).statusCode())
                .isEqualTo(401);
    }

    @Test
    void afterTheLoginNobodyIsLedToAForeignPlace() throws Exception {
        for (String to :
                List.of("https://evil.example/", "//evil.example", "/\\evil.example", "/actuator/../x", "/x")) {
            HttpResponse<String> in = logIn("admin", MAILER.setting("MANAGEMENT_PASSWORD"), to);

            assertThat(in.headers().firstValue("Location")).as(to).hasValue("/actuator/hawtio/");
        }
    }

    @Test
    void aFormWithoutItsTokenLogsNobodyIn() throws Exception {
        HttpResponse<String> answer = http.send(
                "POST",
                "/login",
                "username=admin&password=" + MAILER.setting("MANAGEMENT_PASSWORD"),
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Accept",
                "text/html");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("The page was too old. Log in again.");
        assertThat(answer.headers().allValues("Set-Cookie")).noneMatch(cookie -> cookie.startsWith("signup-mailer-0="));
    }

    @Test
    void whatIsTypedIsNeverWrittenIntoThePageAsHtml() throws Exception {
        HttpResponse<String> answer = logIn("<script>alert(1)</script>", "x", "\"><script>alert(1)</script>");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.body()).doesNotContain("<script").contains("User or password is wrong.");
    }

    @Test
    void aProgramWithItsLoginGetsNoSession() throws Exception {
        HttpResponse<String> answer = http.get("/actuator/prometheus", "Authorization", http.login());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().allValues("Set-Cookie")).noneMatch(cookie -> cookie.startsWith("signup-mailer-"));
    }

    @Test
    void aBrowserThatKnowsALoginNeedsTheTokenAsWell() throws Exception {
        HttpResponse<String> answer = http.send(
                "POST",
                "/actuator/jolokia",
                "{\"type\":\"version\"}",
                "Authorization",
                http.login(),
                "Content-Type",
                "application/json",
                "Sec-Fetch-Site",
                "cross-site");

        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void onLoopbackOnlyThisMachinesOwnNamesAreAnswered() throws Exception {
        for (String host : List.of("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1")) {
            assertThat(raw("GET /actuator/health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .as(host)
                    .startsWith("HTTP/1.1 403")
                    .contains("MANAGEMENT_ADDRESS");
        }
        for (String host : List.of("localhost", "localhost:8081", "127.0.0.1:8081", "[::1]:8081", "mailer.localhost")) {
            assertThat(raw("GET /actuator/health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"))
                    .as(host)
                    .startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void everyAnswerSaysWhatABrowserMayDoWithIt() throws Exception {
        for (HttpResponse<String> answer :
                List.of(http.get("/actuator/hawtio/"), http.get("/actuator/hawtio/", "Authorization", http.login()))) {
            String headers = answer.headers().map().entrySet().stream()
                    .map(header -> header.getKey().toLowerCase(Locale.ROOT) + ": " + header.getValue())
                    .collect(Collectors.joining("\n"));
            assertThat(headers)
                    .contains(
                            "content-security-policy: ",
                            "frame-ancestors 'none'",
                            "x-content-type-options: [nosniff]",
                            "x-frame-options: [DENY]",
                            "referrer-policy: [no-referrer]",
                            "cross-origin-opener-policy: [same-origin]",
                            "cross-origin-resource-policy: [same-origin]",
                            "cache-control: [no-cache, no-store")
                    .doesNotContain("server:", "x-powered-by");
        }
    }

    @Test
    void whoGuessesHasToWaitAndIsToldHowLong() throws Exception {
        try (SignupMailer other = SignupMailer.with().relay(SMTP).start()) {
            Http guesser = new Http(other);
            for (int i = 0; i < LoginThrottle.FREE; i++) {
                assertThat(guesser.get("/actuator/metrics", "Authorization", Http.basic("admin:guess" + i))
                                .statusCode())
                        .isEqualTo(401);
            }
            HttpResponse<String> refused = guesser.get("/actuator/metrics", "Authorization", guesser.login());

            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.headers().firstValueAsLong("Retry-After").orElse(0))
                    .isBetween(1L, 3L);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String raw(String request) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), MAILER.managementPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HttpResponse<String> logIn(String user, String password, String to) throws Exception {
        HttpResponse<String> page = http.get("/actuator/hawtio/", "Accept", "text/html");
        Matcher token = TOKEN.matcher(page.body());
        assertThat(token.find()).isTrue();
        return http.send(
                "POST",
                "/login",
                "username=" + encoded(user) + "&password=" + encoded(password) + "&to=" + encoded(to) + "&_csrf="
                        + token.group(1),
                "Content-Type",
                "application/x-www-form-urlencoded",
                "Accept",
                "text/html",
                "Cookie",
                "XSRF-TOKEN=" + token.group(1));
    }
}
