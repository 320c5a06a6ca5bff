package org.signupmailer.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AcceptedIdsTest {

    private static final int MANY = 100_000;
    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    private Instant now = NOON;
    private final AcceptedIds ids = new AcceptedIds(Duration.ofDays(7), () -> now);

    @Test
    void everyIdIsKnownAndNoOther() {
        IntStream.range(0, MANY).parallel().forEach(i -> ids.add("event-" + i, NOON));

        assertThat(ids.size()).isEqualTo(MANY);
        assertThat(IntStream.range(0, MANY)).allMatch(i -> ids.contains("event-" + i));
        assertThat(IntStream.range(MANY, 2 * MANY)).noneMatch(i -> ids.contains("event-" + i));
    }

    @Test
    void anIdReadFromKafkaIsTheSameAsOneInMemory() {
        ids.add("событие-1".getBytes(StandardCharsets.UTF_8), NOON.toEpochMilli());
        ids.add("событие-1", NOON);

        assertThat(ids.contains("событие-1")).isTrue();
        assertThat(ids.size()).isOne();
    }

    @Test
    void theSameIdCountsOnce() {
        IntStream.range(0, 3).forEach(hour -> ids.add("event", NOON.plus(Duration.ofHours(hour))));

        assertThat(ids.size()).isOne();
    }

    @Test
    void whatIsOlderThanAWeekMakesRoomForWhatComes() {
        IntStream.range(0, MANY).forEach(i -> ids.add("old-" + i, NOON));
        now = NOON.plus(Duration.ofDays(8));

        IntStream.range(0, 2 * MANY).forEach(i -> ids.add("new-" + i, now));

        assertThat(IntStream.range(0, 2 * MANY)).allMatch(i -> ids.contains("new-" + i));
        assertThat(ids.size()).isEqualTo(2 * MANY);
    }

    @Test
    void anIdThatIsAcceptedAgainIsKeptAWeekFromThen() {
        ids.add("event", NOON);
        ids.add("event", NOON.plus(Duration.ofDays(5)));

        now = NOON.plus(Duration.ofDays(8));
        IntStream.range(0, MANY).forEach(i -> ids.add("new-" + i, now));

        assertThat(ids.contains("event")).isTrue();
    }

    @Test
    void entriesOfNextYearMakeNoOtherOld() {
        IntStream.range(0, MANY).forEach(i -> ids.add("event-" + i, NOON));

        IntStream.range(0, MANY).forEach(i -> ids.add("ahead-" + i, NOON.plus(Duration.ofDays(365))));

        assertThat(IntStream.range(0, MANY)).allMatch(i -> ids.contains("event-" + i));
    }
}
