package org.signupmailer.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class PlacesTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void whoComesFirstIsServedFirst() throws Exception {
        Places places = new Places(1);
        Places.Place held = given(take(places, RelayBench.mail("held"), true, LONG));
        List<String> served = new ArrayList<>();
        List<CompletableFuture<Void>> waiting = new ArrayList<>();
        for (String id : List.of("a", "b", "c")) {
            waiting.add(inLine(places, id, place -> {
                served.add(id);
                place.leave(null);
            }));
        }

        held.leave(null);

        assertThat(waiting).allSatisfy(CompletableFuture::join);
        assertThat(served).containsExactly("a", "b", "c");
    }

    @Test
    void whoIsNotServedInTimeGoesAndItsPlaceIsNotLost() throws Exception {
        Places places = new Places(1);
        Places.Place held = given(take(places, RelayBench.mail("held"), true, LONG));

        assertThat(take(places, RelayBench.mail("late"), true, Duration.ofMillis(50)))
                .isNull();
        held.leave(null);

        assertThat(take(places, RelayBench.mail("next"), true, Duration.ofMillis(50)))
                .isNotNull();
    }

    @Test
    void whoIsPromisedAPlaceAndIsNotServedInTimeLeavesItsPlaceToTheOthers() throws Exception {
        Places places = new Places(1);
        Places.Place held = given(take(places, RelayBench.mail("held"), true, LONG));
        CompletableFuture<Places.@Nullable Place> going =
                guest(places, RelayBench.mail("going"), true, Duration.ofSeconds(1));
        assertThat(held.promiseToNext(mail -> true)).isNotNull();
        assertThat(going).succeedsWithin(Places.ENVELOPE_KEEPS.multipliedBy(5)).isNull();

        assertThat(held.leave(null)).isFalse();

        assertThat(take(places, RelayBench.mail("next"), true, Duration.ofMillis(50)))
                .isNotNull();
    }

    @Test
    void aPromiseThatTakesTooLongDoesNotKeepFromAnotherPlace() throws Exception {
        Places places = new Places(2);
        Places.Place slow = given(take(places, RelayBench.mail("slow"), true, LONG));
        Places.Place quick = given(take(places, RelayBench.mail("quick"), true, LONG));
        CompletableFuture<Void> promised = inLine(places, "promised", place -> place.leave(null));
        assertThat(slow.promiseToNext(mail -> true)).isNotNull();
        quick.leave(null);

        assertThat(promised).succeedsWithin(Places.ENVELOPE_KEEPS.multipliedBy(5));

        assertThat(slow.leave(null)).isFalse();
    }

    @Test
    void thereAreNeverMoreThanThePlacesAndEverybodyIsServed() throws Exception {
        long seed = System.nanoTime();
        System.out.println("PlacesTest seed " + seed);
        Places places = new Places(3);
        AtomicInteger here = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger served = new AtomicInteger();
        List<CompletableFuture<Void>> senders = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Random random = new Random(seed + i);
            senders.add(CompletableFuture.runAsync(
                    () -> {
                        for (int n = 0; n < 300; n++) {
                            Duration atMost = random.nextInt(4) == 0 ? Duration.ofNanos(random.nextInt(200_000)) : LONG;
                            long asked = System.nanoTime();
                            Places.Place place = taken(places, random.nextBoolean(), atMost);
                            if (place == null) {
                                continue;
                            }
                            assertThat(place.heldUp()).isBetween(0L, System.nanoTime() - asked);
                            most.accumulateAndGet(here.incrementAndGet(), Math::max);
                            if (random.nextBoolean()) {
                                place.promiseToNext(mail -> random.nextBoolean());
                            }
                            if (random.nextBoolean()) {
                                place.through();
                            }
                            served.incrementAndGet();
                            here.decrementAndGet();
                            place.leave(null);
                        }
                    },
                    task -> new Thread(task).start()));
        }

        assertThat(senders).allSatisfy(CompletableFuture::join);
        assertThat(most.get()).isLessThanOrEqualTo(3);
        assertThat(served.get()).isGreaterThan(12 * 300 / 2);
        for (int i = 0; i < 3; i++) {
            assertThat(taken(places, true, Duration.ofMillis(50)))
                    .as("place %s", i)
                    .isNotNull();
        }
        assertThat(taken(places, true, Duration.ofMillis(50))).isNull();
    }

    @Test
    void aWaitIsTheRelaysUnlessEveryPlaceIsHeldByAMailThatIsThrough() throws Exception {
        Places places = new Places(2);
        Places.Place one = given(take(places, RelayBench.mail("one"), true, LONG));
        Places.Place other = given(take(places, RelayBench.mail("other"), true, LONG));
        AtomicLong heldUp = new AtomicLong(-1);
        one.through();
        CompletableFuture<Void> first = inLine(places, "first", place -> {
            heldUp.set(place.heldUp());
            place.through();
        });
        one.leave(null);

        assertThat(first).succeedsWithin(LONG);
        assertThat(heldUp).as("the other is still at work").hasValue(0);

        CompletableFuture<Void> second = inLine(places, "second", place -> heldUp.set(place.heldUp()));
        long since = System.nanoTime();
        other.through();
        await().until(() -> System.nanoTime() > since);
        other.leave(null);

        assertThat(second).succeedsWithin(LONG);
        assertThat(heldUp.get()).as("both are through").isBetween(1L, System.nanoTime() - since);
    }

    private static Places.@Nullable Place taken(Places places, boolean mayBeAhead, Duration atMost) {
        return take(places, RelayBench.mail("any"), mayBeAhead, atMost);
    }

    private static Places.@Nullable Place take(Places places, OutgoingMail mail, boolean mayBeAhead, Duration atMost) {
        return guest(places, mail, mayBeAhead, atMost).join();
    }

    /** Comes when the place is there, or with null when its guest was sent away. */
    private static CompletableFuture<Places.@Nullable Place> guest(
            Places places, OutgoingMail mail, boolean mayBeAhead, Duration atMost) {
        CompletableFuture<Places.@Nullable Place> guest = new CompletableFuture<>();
        places.take(mail, mayBeAhead, atMost, new Places.Guest() {
            @Override
            public void served(Places.Place place) {
                assertThat(guest.complete(place)).as("served once").isTrue();
            }

            @Override
            public void sentAway(boolean closed) {
                assertThat(guest.complete(null)).as("sent away once").isTrue();
            }
        });
        return guest;
    }

    private static Places.Place given(Places.@Nullable Place place) {
        return Objects.requireNonNull(place);
    }

    private interface Use {
        void of(Places.Place place);
    }

    private static CompletableFuture<Void> inLine(Places places, String id, Use use) {
        return guest(places, RelayBench.mail(id), true, LONG).thenAccept(place -> use.of(given(place)));
    }
}
