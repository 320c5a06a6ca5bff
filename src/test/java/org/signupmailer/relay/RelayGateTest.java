package org.signupmailer.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class RelayGateTest {

    private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");

    @Test
    void mailsThatWereUnderWayTogetherMakeARelayRestOnceNotLongerWithEach() {
        RelayGate gate = new RelayGate(
                "primary",
                Clock.fixed(NOW, ZoneOffset.UTC),
                new RelayGate.Listener() {
                    @Override
                    public void opened() {
                        throw new AssertionError("Wrong credentials are no reason for a probe");
                    }

                    @Override
                    public void available() {
                        throw new AssertionError("The rest is not over");
                    }
                },
                RelayGate.SLOW);
        Verdict wrongPassword = new FailureClassifier(ProviderPresets.load(), null)
                .classify(null, SmtpPhase.AUTH, SmtpReply.parse("535 5.7.8 Authentication failed"));
        for (int i = 0; i < 32; i++) {
            assertThat(gate.tryEnter()).isTrue();
        }

        for (int i = 0; i < 32; i++) {
            gate.failed(SmtpPhase.AUTH, true, wrongPassword, Duration.ofMillis(50));
        }

        assertThat(gate.restingUntil()).isEqualTo(NOW.plus(Duration.ofHours(1)));
        assertThat(gate.tryEnter()).isFalse();
    }

    @Test
    void anOperatorWakesARelayWhoseBreakerIsOpenAndWhichRests() {
        AtomicInteger available = new AtomicInteger();
        RelayGate gate = new RelayGate(
                "primary",
                Clock.fixed(NOW, ZoneOffset.UTC),
                new RelayGate.Listener() {
                    @Override
                    public void opened() {
                        // A probe would follow.
                    }

                    @Override
                    public void available() {
                        available.incrementAndGet();
                    }
                },
                RelayGate.SLOW);
        Verdict down = new FailureClassifier(ProviderPresets.load(), null).classify(null, SmtpPhase.CONNECT, null);
        for (int i = 0; i < 10 && gate.tryEnter(); i++) {
            gate.failed(SmtpPhase.CONNECT, false, down, Duration.ofMillis(50));
        }
        assertThat(gate.state()).startsWith("left alone until a probe succeeds");
        gate.restForOperator(Duration.ofMinutes(10));
        assertThat(gate.state()).isEqualTo("rests until 2026-11-22T05:10:00Z: an operator said so");
        assertThat(gate.available()).isFalse();

        gate.wake();

        assertThat(gate.state()).isEqualTo("takes mail");
        assertThat(gate.breaker()).isEqualTo("closed");
        assertThat(gate.tryEnter()).isTrue();
        assertThat(available).hasPositiveValue();
    }
}
