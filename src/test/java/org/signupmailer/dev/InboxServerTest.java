package org.signupmailer.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InboxServerTest {

    private static final String MAIL = """
            From: Shop <noreply@example.com>
            To: ann@example.com
            Subject: =?UTF-8?Q?Your_code_=E2=80=93_123456?=
            X-Event-Id: event-1
            MIME-Version: 1.0
            Content-Type: multipart/alternative; boundary="b"

            --b
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: 8bit

            Код 123456 & <more>
            --b
            Content-Type: text/html; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            <p title=3D"hello">123456</p><script>alert(1)</script>
            --b--
            """;

    private final Inbox inbox = new Inbox();
    private final HttpClient http = HttpClient.newHttpClient();
    private InboxServer server;

    @BeforeEach
    void start() throws IOException {
        List<RelayOnShow> relays = List.of(
                new RelayOnShow("primary", "localhost:2525", true),
                new RelayOnShow("secondary", "localhost:2526", false));
        server = InboxServer.start(0, inbox, new InboxPage(inbox, relays, "kcat -P <now>"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anEmptyInboxTellsHowToSendAMail() throws Exception {
        assertThat(get("/").body()).contains("No mail yet", "kcat -P &lt;now&gt;");
    }

    @Test
    void theListShowsRecipientSubjectTypeAndTheWayOverTheRelays() throws Exception {
        inbox.typeIs("event-1", "signup.verification-code");
        inbox.refused("primary", "ann@example.com", "451 4.3.2 Closed");
        taken(MAIL);

        String page = get("/").body();

        assertThat(page)
                .contains("ann@example.com", "Your code – 123456", "signup.verification-code")
                .contains("<s title=\"451 4.3.2 Closed\">primary</s> → <b>secondary</b>")
                .contains("refused 1", "accepted 1");
    }

    @Test
    void theNewestMailStandsFirst() throws Exception {
        taken(MAIL);
        taken(MAIL.replace("=?UTF-8?Q?Your_code_=E2=80=93_123456?=", "A second one"));

        String page = get("/").body();

        assertThat(page.indexOf("A second one")).isPositive().isLessThan(page.indexOf("Your code – 123456"));
    }

    @Test
    void aHostileSubjectIsTextAndNothingElse() throws Exception {
        taken(MAIL.replace("=?UTF-8?Q?Your_code_=E2=80=93_123456?=", "<script>alert(1)</script>\"'><img src=x>"));

        for (String path : List.of("/", "/mail/1", "/mail/1?text", "/mail/1?headers", "/mail/1?source")) {
            assertThat(get(path).body())
                    .as(path)
                    .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
                    .doesNotContain("<script>")
                    .doesNotContain("<img");
        }
    }

    @Test
    void aMailsHtmlIsShownInAFrameThatMayDoNothing() throws Exception {
        taken(MAIL);

        assertThat(get("/mail/1").body())
                .contains("<iframe class=\"html\" sandbox=\"\" title=\"The mail\" src=\"/mail/1/body\">");
        HttpResponse<String> body = get("/mail/1/body");
        assertThat(body.body()).contains("<p title=\"hello\">123456</p>");
        assertThat(body.headers().firstValue("Content-Security-Policy")).hasValueSatisfying(policy -> assertThat(policy)
                .contains("default-src 'none'", "sandbox")
                .doesNotContain("script-src")
                .doesNotContain("allow-scripts"));
    }

    @Test
    void textHeadersAndSourceAreShownEscaped() throws Exception {
        taken(MAIL);

        assertThat(get("/mail/1?text").body()).contains("Код 123456 &amp; &lt;more&gt;");
        assertThat(get("/mail/1?headers").body()).contains("<th>X-Event-Id</th><td>event-1</td>");
        assertThat(get("/mail/1?source").body()).contains("=?UTF-8?Q?Your_code_=E2=80=93_123456?=");
    }

    @Test
    void aMailWithoutPartsIsStillListedAndSaysSo() throws Exception {
        taken("Subject: nothing\r\nContent-Type: application/pdf\r\n\r\nx");

        assertThat(get("/mail/1").body()).contains("This mail has no HTML part.");
        assertThat(get("/mail/1?text").body()).contains("This mail has no text part.");
    }

    @Test
    void theRevisionChangesWithEachMailSoThatThePageKnows() throws Exception {
        String before = get("/revision").body();
        taken(MAIL);

        assertThat(get("/revision").body()).isNotEqualTo(before);
    }

    @Test
    void ourOwnPageLoadsNothingFromElsewhere() throws Exception {
        taken(MAIL);

        assertThat(get("/").headers().firstValue("Content-Security-Policy"))
                .hasValueSatisfying(policy ->
                        assertThat(policy).startsWith("default-src 'none'").doesNotContain("unsafe"));
        for (String path : List.of("/", "/inbox.css", "/inbox.js")) {
            assertThat(get(path).body()).as(path).doesNotContain("http://").doesNotContain("https://");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"attacker.example", "attacker.example:80", "localhost.attacker.example", "localhost"})
    void anotherHostsNameGetsNothing(String host) throws Exception {
        taken(MAIL);

        String answer = raw("GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 403").doesNotContain("ann@example.com");
    }

    @Test
    void itCanOnlyBeRead() throws Exception {
        HttpRequest post = HttpRequest.newBuilder(uri("/"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();

        assertThat(http.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }

    @Test
    void nobodyElsesMachineCanReachIt() throws Exception {
        for (NetworkInterface card : NetworkInterface.networkInterfaces().toList()) {
            for (InetAddress address : card.inetAddresses().toList()) {
                if (!address.isLoopbackAddress()) {
                    assertThat(isReachable(address)).as(address.toString()).isFalse();
                }
            }
        }
        assertThat(isReachable(InetAddress.getLoopbackAddress())).isTrue();
    }

    @Test
    void whatIsNotThereIsSaid() throws Exception {
        assertThat(get("/mail/99").statusCode()).isEqualTo(404);
        assertThat(get("/../etc/passwd").statusCode()).isEqualTo(404);
    }

    private boolean isReachable(InetAddress address) {
        try (Socket socket = new Socket(address, server.port())) {
            return socket.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }

    private void taken(String mail) {
        inbox.taken(
                "secondary",
                "ann@example.com",
                mail.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8),
                Instant.parse("2026-11-22T05:00:00Z"));
    }

    private URI uri(String path) {
        return URI.create("http://localhost:" + server.port() + path);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.US_ASCII));
            out.flush();
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
