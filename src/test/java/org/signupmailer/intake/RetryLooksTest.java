package org.signupmailer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryLooksTest {

    private static final List<Duration> DEFAULT =
            List.of(Duration.ofSeconds(10), Duration.ofMinutes(1), Duration.ofMinutes(10));

    // Any instant: nanoTime() may be negative, and overflow.
    private static final long START = Long.MAX_VALUE - Duration.ofMillis(300).toNanos();

    @Test
    void looksAtTheStartAndEveryTwoSeconds() {
        RetryLooks looks = new RetryLooks(DEFAULT, START);

        assertThat(looks.isLooking(after(0))).isTrue();
        assertThat(looks.isLooking(after(249))).isTrue();
        assertThat(looks.isLooking(after(250))).isFalse();
        assertThat(looks.isLooking(after(1_999))).isFalse();
        assertThat(looks.isLooking(after(2_000))).isTrue();
        assertThat(looks.isLooking(after(2_249))).isTrue();
        assertThat(looks.isLooking(after(2_250))).isFalse();
    }

    @Test
    void goesOnLookingWhileSomethingComes() {
        RetryLooks looks = new RetryLooks(DEFAULT, START);

        looks.came(after(200));
        assertThat(looks.isLooking(after(400))).isTrue();
        looks.came(after(400));
        assertThat(looks.isLooking(after(600))).isTrue();
        assertThat(looks.isLooking(after(650))).isFalse();
    }

    @Test
    void whatComesLateDoesNotPutOffTheNextLook() {
        RetryLooks looks = new RetryLooks(DEFAULT, START);

        assertThat(looks.isLooking(after(250))).isFalse();
        looks.came(after(1_000));
        assertThat(looks.isLooking(after(2_000))).isTrue();
    }

    @Test
    void shortDelaysAreLookedForAllTheTime() {
        RetryLooks looks = new RetryLooks(List.of(Duration.ofMinutes(1), Duration.ofSeconds(2)), START);

        for (int millis = 0; millis < 5_000; millis += 50) {
            assertThat(looks.isLooking(after(millis))).isTrue();
        }
    }

    @Test
    void looksAtLeastFiveTimesBeforeAnEventIsDue() {
        RetryLooks looks = new RetryLooks(List.of(Duration.ofSeconds(5)), START);

        int looked = 0;
        boolean before = false;
        for (int millis = 0; millis < 5_000; millis += 50) {
            boolean now = looks.isLooking(after(millis));
            looked += now && !before ? 1 : 0;
            before = now;
        }
        assertThat(looked).isGreaterThanOrEqualTo(5);
    }

    private static long after(long millis) {
        return START + Duration.ofMillis(millis).toNanos();
    }
}
