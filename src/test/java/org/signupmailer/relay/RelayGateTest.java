package org.signupmailer.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

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
        Verdict wrongPassword = wrongPassword();
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
    @ExtendWith(OutputCaptureExtension.class)
    void aRelayWhoseRestIsOverIsTriedByAFewMailsAndCalledIllByNobody(CapturedOutput log) {
        TickingClock clock = new TickingClock(NOW);
        Told told = new Told();
        // Its own name, since what other tests log meanwhile is captured, too.
        RelayGate gate = new RelayGate("rested", clock, told, RelayGate.SLOW);
        assertThat(gate.tryEnter()).isTrue();
        gate.failed(SmtpPhase.AUTH, true, wrongPassword(), Duration.ofMillis(50));
        assertThat(gate.tryEnter()).isFalse();

        clock.advance(Duration.ofHours(1));

        assertThat(Stream.generate(gate::tryEnter).limit(10))
                .containsExactly(true, true, true, false, false, false, false, false, false, false);
        assertThat(gate.state()).startsWith("on trial");
        assertThat(told.available).hasPositiveValue();
        assertThat(told.opened).as("probes asked for, where mails find out").hasValue(0);
        assertThat(log).contains("Relay \"rested\" rests until").doesNotContain("Relay \"rested\" fails too often");
    }

    @Test
    void anOperatorWakesARelayWhoseBreakerIsOpenAndWhichRests() {
        Told told = new Told();
        RelayGate gate = new RelayGate("primary", Clock.fixed(NOW, ZoneOffset.UTC), told, RelayGate.SLOW);
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
        assertThat(told.available).hasPositiveValue();
    }

    private static Verdict wrongPassword() {
        return new FailureClassifier(ProviderPresets.load(), null)
                .classify(null, SmtpPhase.AUTH, SmtpReply.parse("535 5.7.8 Authentication failed"));
    }

    private static final class Told implements RelayGate.Listener {

        private final AtomicInteger opened = new AtomicInteger();
        private final AtomicInteger available = new AtomicInteger();

        @Override
        public void opened() {
            opened.incrementAndGet();
        }

        @Override
        public void available() {
            available.incrementAndGet();
        }
    }
}
