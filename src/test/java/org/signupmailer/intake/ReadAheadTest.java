package org.signupmailer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ReadAheadTest {

    private static final long START = -TimeUnit.SECONDS.toNanos(3);

    @Test
    void fourHundredAreReadAheadBeforeItIsKnownHowFastMailsGoOut() {
        ReadAhead ahead = new ReadAhead(5_000, 32, START);

        assertThat(ahead.isFull(399, 0, after(1))).isFalse();
        assertThat(ahead.isFullForAMoment()).isFalse();
        assertThat(ahead.isFull(400, 0, after(1))).isTrue();
        assertThat(ahead.isFullForAMoment()).isTrue();
        assertThat(ahead.isAtMost()).isFalse();
    }

    @Test
    void whenNoMailGoesOutAsManyAreReadAheadAsAreAllowed() {
        ReadAhead ahead = new ReadAhead(5_000, 32, START);

        assertThat(ahead.isFull(1_000, 0, after(5))).isFalse();
        assertThat(ahead.isFull(4_999, 0, after(6))).isFalse();
        assertThat(ahead.isFull(5_000, 0, after(6))).isTrue();
        assertThat(ahead.isFullForAMoment()).isFalse();
        assertThat(ahead.isAtMost()).isTrue();
    }

    @Test
    void whenMailsGoOutSlowlyAsManyAreReadAheadAsAreAllowed() {
        ReadAhead ahead = new ReadAhead(5_000, 32, START);

        assertThat(ahead.isFull(1_000, 399, after(5))).isFalse();
        assertThat(ahead.isFull(1_000, 798, after(10))).isFalse();
    }

    @Test
    void whenMailsGoOutFastAgainFourHundredAreEnoughAgain() {
        ReadAhead ahead = new ReadAhead(5_000, 32, START);
        ahead.isFull(1_000, 0, after(5));

        assertThat(ahead.isFull(4_000, 400, after(10))).isTrue();
        assertThat(ahead.isFullForAMoment()).isFalse();
        assertThat(ahead.isAtMost()).isFalse();
    }

    @Test
    void readingGoesOnWhenHalfIsDone() {
        ReadAhead ahead = new ReadAhead(5_000, 32, START);
        ahead.isFull(400, 0, after(1));

        assertThat(ahead.isFull(201, 199, after(1))).isTrue();
        assertThat(ahead.isFull(200, 200, after(1))).isFalse();
        assertThat(ahead.isFull(399, 200, after(1))).isFalse();
    }

    @Test
    void whileItIsFullNobodyNeedAskForHalfOfTheTimeUntilHalfIsDone() {
        ReadAhead ahead = new ReadAhead(5_000, 32, START);

        ahead.isFull(400, 100, START);
        assertThat(ahead.moment()).as("how fast it goes is not known yet").hasMillis(5);
        ahead.isFull(390, 110, START + TimeUnit.MILLISECONDS.toNanos(2));
        assertThat(ahead.moment()).as("five thousand a second").hasMillis(19);
        ahead.isFull(290, 210, START + TimeUnit.MILLISECONDS.toNanos(22));
        assertThat(ahead.moment()).as("it will be soon").hasMillis(9);
        ahead.isFull(210, 290, START + TimeUnit.MILLISECONDS.toNanos(38));
        assertThat(ahead.moment()).as("never all the time").hasMillis(5);
    }

    @Test
    void whileItIsFullSomebodyAsksTwentyTimesASecondHoweverSlowlyMailsGoOut() {
        ReadAhead ahead = new ReadAhead(5_000, 32, START);
        ahead.isFull(400, 0, START);

        ahead.isFull(400, 0, START + TimeUnit.MILLISECONDS.toNanos(5));

        assertThat(ahead.isFullForAMoment()).isTrue();
        assertThat(ahead.moment()).hasMillis(50);
    }

    @Test
    void whoAllowsLessGetsLess() {
        ReadAhead ahead = new ReadAhead(1, 32, START);

        assertThat(ahead.isFull(0, 0, after(1))).isFalse();
        assertThat(ahead.isFull(1, 0, after(1))).isTrue();
        assertThat(ahead.isAtMost()).isTrue();
        assertThat(ahead.isFull(0, 1, after(2))).isFalse();
    }

    @Test
    void manyMailsAtATimeHaveEnoughBehindThem() {
        ReadAhead ahead = new ReadAhead(5_000, 500, START);

        assertThat(ahead.isFull(1_999, 0, after(1))).isFalse();
        assertThat(ahead.isFull(2_000, 0, after(1))).isTrue();
    }

    private static long after(long seconds) {
        return START + TimeUnit.SECONDS.toNanos(seconds);
    }
}
