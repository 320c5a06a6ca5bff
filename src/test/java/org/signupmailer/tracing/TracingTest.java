package org.signupmailer.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** What a collector gets, on the wire. */
class TracingTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    @Test
    void anEventsSpansAreInTheTraceOfItsRecordAndHoldNoSecret() throws Exception {
        List<String> collected = new CopyOnWriteArrayList<>();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            byte[] body = (zipped ? new GZIPInputStream(exchange.getRequestBody()) : exchange.getRequestBody())
                    .readAllBytes();
            // Byte for byte: ids are binary in the protocol.
            collected.add(new String(body, StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        try (ScriptedSmtpServer first = ScriptedSmtpServer.start();
                ScriptedSmtpServer second = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.with()
                        .relay(first)
                        .relay(second)
                        .with(
                                "MAILER_TRACING_ENDPOINT",
                                "http://127.0.0.1:" + collector.getAddress().getPort())
                        .start()) {
            mailer.awaitReading();
            first.on(Phase.MAIL).reply(451, "4.3.0 busy").once();
            TestEvent event = mailer.publish(TestEvents.verificationCode()
                    .code("sesame-4711")
                    .header("traceparent", "00-" + TRACE + "-" + PARENT + "-01"));
            second.awaitMails(1, SignupMailer.PATIENCE);

            Awaitility.await("spans")
                    .pollInterval(Duration.ofMillis(50))
                    .atMost(SignupMailer.PATIENCE)
                    .until(() -> String.join("", collected).contains(event.id()));
            assertThat(String.join("", collected))
                    .contains(
                            binary(TRACE),
                            binary(PARENT),
                            "signup.verification-code",
                            "relay primary",
                            "relay secondary")
                    .contains("signup.class", "passing", "accepted", "signup-mailer")
                    .doesNotContain("sesame-4711", event.email());
        } finally {
            collector.stop(0);
        }
    }

    private static String binary(String hex) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < hex.length(); i += 2) {
            bytes.append((char) Integer.parseInt(hex.substring(i, i + 2), 16));
        }
        return bytes.toString();
    }
}
