package org.signupmailer.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LoginThrottleTest {

    private static final Visitor STRANGER = new Visitor("203.0.113.7", null);
    private static final Visitor OPERATOR = new Visitor("198.51.100.9", null);

    private final AtomicLong nanos = new AtomicLong();
    private final LoginThrottle throttle = new LoginThrottle(nanos::get, 1);

    @Test
    void afterAFewWrongLoginsEachNextOneWaitsLongerUpToAMinute() {
        wrong(STRANGER, LoginThrottle.FREE);

        long[] waits = new long[9];
        for (int i = 0; i < waits.length; i++) {
            waits[i] = refused(STRANGER);
            pass(Duration.ofSeconds(waits[i]));
            throttle.admit(STRANGER);
        }

        assertThat(waits).containsExactly(2, 3, 5, 9, 17, 33, 61, 61, 61);
    }

    @Test
    void askingWhileItHasToWaitDoesNotProlongTheWait() {
        wrong(STRANGER, LoginThrottle.FREE);
        for (int i = 0; i < 1000; i++) {
            refused(STRANGER);
        }
        pass(Duration.ofSeconds(2));

        assertThatCode(() -> throttle.admit(STRANGER)).doesNotThrowAnyException();
    }

    @Test
    void aRightLoginForgetsTheWrongOnes() {
        wrong(STRANGER, LoginThrottle.FREE - 1);
        throttle.admit(STRANGER);
        throttle.succeeded(STRANGER);

        assertThatCode(() -> wrong(STRANGER, LoginThrottle.FREE)).doesNotThrowAnyException();
    }

    @Test
    void wrongLoginsAreForgottenAfterAQuarterOfAnHour() {
        wrong(STRANGER, LoginThrottle.FREE);
        pass(Duration.ofMinutes(16));

        assertThatCode(() -> wrong(STRANGER, LoginThrottle.FREE)).doesNotThrowAnyException();
    }

    @Test
    void oneWhoHasAWholeIpv6NetworkIsOneStranger() {
        for (int i = 0; i < LoginThrottle.FREE; i++) {
            throttle.admit(new Visitor("2001:db8:1:2::" + i, null));
        }

        assertThat(refused(new Visitor("2001:db8:1:2:ffff:ffff:ffff:ffff", null)))
                .isPositive();
    }

    @Test
    void manyStrangersTogetherAreSlowedDownButNotTheMachineItselfNorWhoWasInBefore() {
        throttle.admit(OPERATOR);
        throttle.succeeded(OPERATOR);
        exhaust();

        assertThat(refused(new Visitor("192.0.2.250", null))).isEqualTo(2);
        assertThatCode(() -> throttle.admit(OPERATOR)).doesNotThrowAnyException();
        assertThatCode(() -> throttle.admit(new Visitor("127.0.0.1", null))).doesNotThrowAnyException();
        assertThatCode(() -> throttle.admit(new Visitor("203.0.113.1", "a browser that was in before")))
                .doesNotThrowAnyException();
    }

    @Test
    void strangersMayTryAgainInTime() {
        exhaust();
        pass(Duration.ofSeconds(2));

        assertThatCode(() -> throttle.admit(new Visitor("192.0.2.250", null))).doesNotThrowAnyException();
        assertThat(refused(new Visitor("192.0.2.251", null))).isEqualTo(2);
    }

    @Test
    void aBrowserThatWasInBeforeIsNotHeldUpByAnAttackerAtItsAddress() {
        wrong(STRANGER, LoginThrottle.FREE);
        refused(STRANGER);

        assertThatCode(() -> throttle.admit(new Visitor(STRANGER.address(), "a browser that was in before")))
                .doesNotThrowAnyException();
    }

    private void exhaust() {
        for (int i = 0; i < LoginThrottle.OVERALL; i++) {
            throttle.admit(new Visitor("10.0." + i + ".1", null));
        }
    }

    private void wrong(Visitor visitor, int times) {
        for (int i = 0; i < times; i++) {
            throttle.admit(visitor);
        }
    }

    private long refused(Visitor visitor) {
        TooManyAttempts refusal = catchThrowableOfType(TooManyAttempts.class, () -> throttle.admit(visitor));
        assertThat(refusal).as("refused").isNotNull();
        return refusal.seconds();
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
