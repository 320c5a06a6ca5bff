package org.signupmailer.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

@Execution(ExecutionMode.CONCURRENT)
class RelayProbeTest {

    private final ScriptedSmtpServer server = ScriptedSmtpServer.start();
    private final ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(1);
    private final TickingClock clock = new TickingClock(Instant.parse("2026-11-22T05:00:00Z"));
    private final FailureClassifier classifier = new FailureClassifier(ProviderPresets.load(), null);
    private final Probing listener = new Probing();
    private final RelayGate gate = new RelayGate("primary", clock, listener, RelayGate.SLOW);
    private @Nullable SmtpConnectionPool pool;

    @BeforeEach
    void connect() {
        Relay relay = new Relay(
                "primary",
                server.host(),
                List.of(new PortChoice(server.port(), TlsMode.NONE)),
                null,
                null,
                "no-reply@shop.example",
                null,
                null,
                ConnectionLimits.DEFAULTS);
        SmtpConnectionPool connections =
                new SmtpConnectionPool(relay, TlsSockets.ofTheJavaInstallation(), RelayBench.LOOP, () -> true);
        pool = connections;
        listener.probe = new RelayProbe(
                scheduler, connections, failure -> classifier.classify(null, failure.phase(), failure.reply()));
    }

    @AfterEach
    void stop() {
        scheduler.shutdownNow();
        if (pool != null) {
            pool.close();
        }
        server.close();
    }

    @Test
    void aRelayWhoseBreakerIsOpenIsProbedUntilItAnswers() {
        server.on(Phase.GREETING).reply(421, "4.3.2 not now").times(2);
        for (int i = 0; i < 5; i++) {
            failAt(SmtpPhase.GREETING, "421 4.3.2 not now");
        }
        assertThat(gate.available()).isFalse();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(gate::available);
        assertThat(server.connections()).isEqualTo(3);
    }

    @Test
    void aProbeThatFindsTheAddressBlockedSendsTheRelayToRestInsteadOfKnockingOn() {
        for (int i = 0; i < 5; i++) {
            failAt(SmtpPhase.GREETING, "421 4.3.2 not now");
        }
        server.on(Phase.GREETING).reply(554, "5.7.1 your address is blocked");
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> gate.restingUntil() != null);
        assertThat(server.connections()).isEqualTo(1);
    }

    @Test
    void aRelayThatRestsAgainAfterATrialIsNotProbedWhileItRests() {
        failAt(SmtpPhase.AUTH, "535 5.7.8 bad credentials");
        clock.advance(Duration.ofHours(1));
        // The rest is over; a mail tries, and the credentials are still bad.
        failAt(SmtpPhase.AUTH, "535 5.7.8 bad credentials");
        assertThat(gate.available()).isFalse();
        assertThat(scheduler.getTaskCount()).as("probes, done or due").isZero();
        assertThat(server.connections()).isZero();
        clock.advance(Duration.ofHours(2));
        assertThat(gate.available()).isTrue();
    }

    @Test
    void aBreakerThatOpensBehindARestIsProbedAfterTheRest() {
        for (int i = 0; i < 6; i++) {
            assertThat(gate.tryEnter()).isTrue();
        }
        fail(SmtpPhase.AUTH, "535 5.7.8 bad credentials");
        for (int i = 0; i < 5; i++) {
            fail(SmtpPhase.GREETING, "421 4.3.2 not now");
        }
        assertThat(gate.open()).isTrue();
        // Two have come and gone, and seen that the relay rests.
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> scheduler.getCompletedTaskCount() >= 2);
        assertThat(server.connections()).isZero();
        clock.advance(Duration.ofHours(1));
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(gate::available);
        assertThat(server.connections()).isEqualTo(1);
    }

    private void failAt(SmtpPhase phase, String reply) {
        assertThat(gate.tryEnter()).isTrue();
        fail(phase, reply);
    }

    private void fail(SmtpPhase phase, String reply) {
        gate.failed(phase, true, classifier.classify(null, phase, SmtpReply.parse(reply)), Duration.ofMillis(10));
    }

    private final class Probing implements RelayGate.Listener {

        private @Nullable RelayProbe probe;

        @Override
        public void opened() {
            if (probe != null) {
                probe.begin(gate);
            }
        }

        @Override
        public void available() {
            if (probe != null) {
                probe.settle(gate);
            }
        }
    }
}
