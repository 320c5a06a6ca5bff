package org.signupmailer.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
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
        now = NOON.plus(Duration.ofDays(5));
        ids.add("event", now);

        now = NOON.plus(Duration.ofDays(8));
        IntStream.range(0, MANY).forEach(i -> ids.add("new-" + i, now));

        assertThat(ids.contains("event")).isTrue();
    }

    @Test
    void anIdIsKnownForAWeekAndThenNoLongerThoughThereIsRoomForIt() {
        ids.add("event", NOON);

        assertThat(IntStream.rangeClosed(-30, 7)).allMatch(this::isKnownAfterDays);
        assertThat(IntStream.rangeClosed(8, 220)).noneMatch(this::isKnownAfterDays);
    }

    @Test
    void anIdThatIsAcceptedAgainAfterAWeekIsKnownAgain() {
        ids.add("event", NOON);
        now = NOON.plus(Duration.ofDays(20));

        ids.add("event", now);

        assertThat(ids.contains("event")).isTrue();
        assertThat(ids.size()).isOne();
    }

    private boolean isKnownAfterDays(int days) {
        now = NOON.plus(Duration.ofDays(days));
        return ids.contains("event");
    }

    @Test
    void entriesOfNextYearMakeNoOtherOld() {
        IntStream.range(0, MANY).forEach(i -> ids.add("event-" + i, NOON));

        IntStream.range(0, MANY).forEach(i -> ids.add("ahead-" + i, NOON.plus(Duration.ofDays(365))));

        assertThat(IntStream.range(0, MANY)).allMatch(i -> ids.contains("event-" + i));
    }

    @Test
    void aClockThatIsSetBackMakesNoneOld() {
        IntStream.range(0, MANY).forEach(i -> ids.add("event-" + i, NOON));
        now = NOON.minus(Duration.ofDays(3));

        IntStream.range(0, MANY).forEach(i -> ids.add("later-" + i, now));

        assertThat(IntStream.range(0, MANY)).allMatch(i -> ids.contains("event-" + i));
    }

    @Test
    void anIdTakesLessThan18BytesHoweverManyThereAre() {
        int known = 0;
        for (int many = 20_000; many <= 320_000; many += 20_000) {
            IntStream.range(known, many).forEach(i -> ids.add("event-" + i, NOON));
            known = many;

            assertThat(ids.bytes()).as("of %s ids", many).isLessThan(18L * many);
        }
    }

    @Test
    void whatABusyDayTookIsGivenBackInTheCourseOfTime() {
        IntStream.range(0, 3 * MANY).forEach(i -> ids.add("busy-" + i, NOON));
        long busy = ids.bytes();

        for (int day = 1; day <= 100; day++) {
            now = NOON.plus(Duration.ofDays(day));
            int today = day;
            IntStream.range(0, MANY / 20).forEach(i -> ids.add("day-" + today + "-" + i, now));
        }

        assertThat(ids.bytes()).isLessThan(busy / 3);
        assertThat(IntStream.rangeClosed(94, 100))
                .allMatch(day -> IntStream.range(0, MANY / 20).allMatch(i -> ids.contains("day-" + day + "-" + i)));
    }

    @Test
    void noIdOfTheLastWeekIsForgottenWhateverComesInBetween() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Map<String, Instant> accepted = new HashMap<>();
        for (int day = 0; day < 30; day++) {
            for (int i = random.nextInt(20_000); i > 0; i--) {
                // Also late ones, those of a clock that is ahead, and the same again.
                String id = "event-" + random.nextInt(200_000);
                Instant at = now.plusSeconds(random.nextInt(-100_000, 10_000));
                ids.add(id, at);
                accepted.merge(id, at, (one, other) -> one.isAfter(other) ? one : other);
            }
            accepted.values().removeIf(at -> at.isBefore(now.minus(Duration.ofDays(7))));
            assertThat(accepted.keySet()).as("seed %s, day %s", seed, day).allMatch(ids::contains);
            now = now.plus(Duration.ofHours(random.nextInt(1, 48)));
        }
        assertThat(IntStream.range(200_000, 300_000)).noneMatch(i -> ids.contains("event-" + i));
    }
}
