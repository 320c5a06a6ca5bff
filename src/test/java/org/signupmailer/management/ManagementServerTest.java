package org.signupmailer.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.support.GenericApplicationContext;

@Execution(ExecutionMode.CONCURRENT)
class ManagementServerTest {

    @Test
    void whereNoBrokerAnswersThePortOpensAllTheSame() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.with()
                        .relay(smtp)
                        .with("KAFKA_BROKERS", "127.0.0.1:9")
                        .start()) {
            Http http = new Http(mailer);

            assertThat(http.get("/actuator/health/readiness").body()).contains("UP");
            assertThat(http.get("/actuator/prometheus", "Authorization", http.login())
                            .body())
                    .contains("signup_mailer_relay_available", "jvm_memory_used_bytes", "process_cpu_usage");
        }
    }

    @Test
    void aPortThatIsTakenStopsTheStartBeforeAnyMailIsRead() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(other.getLocalPort());

            assertThatThrownBy(() -> SignupMailer.with()
                            .relay(smtp)
                            .with("MANAGEMENT_PORT", port)
                            .start())
                    .hasStackTraceContaining("Port " + port + " is already in use");
        }
    }

    @Test
    void aStopBeforeThePortIsOpenIsAStop() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.with().relay(smtp).start()) {
            ManagementServer server = mailer.bean(ManagementServer.class);

            mailer.stop();

            await().during(ManagementServer.AT_MOST.plusSeconds(1))
                    .atMost(SignupMailer.PATIENCE)
                    .until(() -> server.management() == null);
        }
    }

    @Test
    void aStopWhileThePortIsBeingOpenedDoesNotWaitForIt() throws Exception {
        CountDownLatch opening = new CountDownLatch(1);
        CompletableFuture<Void> mayOpen = new CompletableFuture<>();
        GenericApplicationContext port = new GenericApplicationContext();
        ManagementServer server = new ManagementServer(new GenericApplicationContext(), "localhost", 0, mails -> {
            opening.countDown();
            mayOpen.join();
            port.refresh();
            return port;
        });
        server.start();
        server.started(new ApplicationStartedEvent(
                new SpringApplication(), new String[0], new GenericApplicationContext(), Duration.ZERO));
        assertThat(opening.await(SignupMailer.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();

        assertThat(CompletableFuture.runAsync(server::stop)).succeedsWithin(SignupMailer.PATIENCE);

        mayOpen.complete(null);
        await().atMost(SignupMailer.PATIENCE).until(port::isClosed);
        assertThat(server.management()).isNull();
    }
}
