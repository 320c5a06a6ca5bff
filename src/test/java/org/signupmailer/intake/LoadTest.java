package org.signupmailer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoadTest {

    private static final long START = -TimeUnit.SECONDS.toNanos(7);

    private final Load load = new Load(START);

    @Test
    void isNotKnownToBeLightForTheFirstTenSeconds() {
        assertThat(load.changes(false, 0, after(1))).isFalse();
        assertThat(load.changes(false, 0, after(5))).isFalse();
        assertThat(load.isLight()).isFalse();

        assertThat(load.changes(false, 0, after(10))).isTrue();
        assertThat(load.isLight()).isTrue();
    }

    @Test
    void isLightWhileFewerThanAThousandEventsEndInFiveSeconds() {
        load.changes(false, 999, after(5));

        assertThat(load.changes(false, 2 * 999, after(10))).isTrue();
        assertThat(load.isLight()).isTrue();
        assertThat(load.changes(false, 3 * 999, after(15))).isFalse();
        assertThat(load.isLight()).isTrue();
    }

    @Test
    void isHeavyWhenAThousandEventsEndedInFiveSeconds() {
        light();

        assertThat(load.changes(false, 1_000, after(14))).isFalse();
        assertThat(load.changes(false, 1_000, after(15))).isTrue();
        assertThat(load.isLight()).isFalse();
    }

    @Test
    void isHeavyAtOnceWhenEventsWaitForOthers() {
        light();

        assertThat(load.changes(true, 0, after(11))).isTrue();
        assertThat(load.isLight()).isFalse();
        assertThat(load.changes(true, 0, after(11))).isFalse();
    }

    @Test
    void whoStartsWithABacklogHearsOfItOnce() {
        assertThat(load.changes(true, 0, after(1))).isTrue();
        assertThat(load.isLight()).isFalse();
        assertThat(load.changes(true, 5_000, after(5))).isFalse();
    }

    @Test
    void isLightAgainAfterTwoLooksThatFoundLittleToDo() {
        light();
        load.changes(true, 0, after(12));
        assertThat(load.changes(false, 900, after(15))).isFalse();

        assertThat(load.changes(false, 900, after(20))).isFalse();
        assertThat(load.changes(false, 900, after(25))).isTrue();
        assertThat(load.isLight()).isTrue();
    }

    @Test
    void oneBusyLookBetweenTwoOthersBeginsAnew() {
        load.changes(false, 0, after(5));
        load.changes(false, 1_000, after(10));
        load.changes(false, 1_000, after(15));
        assertThat(load.isLight()).isFalse();

        assertThat(load.changes(false, 1_000, after(20))).isTrue();
        assertThat(load.isLight()).isTrue();
    }

    private void light() {
        load.changes(false, 0, after(5));
        load.changes(false, 0, after(10));
        assertThat(load.isLight()).isTrue();
    }

    private static long after(long seconds) {
        return START + TimeUnit.SECONDS.toNanos(seconds);
    }
}
