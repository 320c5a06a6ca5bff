package org.signupmailer.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class RelayGateTest {

    private static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");

    @Test
    void mailsThatWereUnderWayTogetherMakeARelayRestOnceNotLongerWithEach() {
        RelayGate gate = new RelayGate("primary", Clock.fixed(NOW, ZoneOffset.UTC), new RelayGate.Listener() {
            @Override
            public void opened() {
                throw new AssertionError("Wrong credentials are no reason for a probe");
            }

            @Override
            public void available() {
                throw new AssertionError("The rest is not over");
            }
        });
        Verdict wrongPassword = new FailureClassifier(ProviderPresets.load(), null)
                .classify(null, SmtpPhase.AUTH, SmtpReply.parse("535 5.7.8 Authentication failed"));
        for (int i = 0; i < 32; i++) {
            assertThat(gate.tryEnter()).isTrue();
        }

        for (int i = 0; i < 32; i++) {
            gate.failed(SmtpPhase.AUTH, wrongPassword, Duration.ofMillis(50));
        }

        assertThat(gate.restingUntil()).isEqualTo(NOW.plus(Duration.ofHours(1)));
        assertThat(gate.tryEnter()).isFalse();
    }
}
