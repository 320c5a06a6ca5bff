package org.signupmailer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(30)
class PartitionProgressTest {

    static IntStream seeds() {
        return IntStream.range(0, 200);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatMayBeCommittedIsWhatASimpleSearchFinds(int seed) {
        Random random = new Random(seed);
        PartitionProgress progress = new PartitionProgress();
        List<Long> open = new ArrayList<>();
        TreeSet<Long> read = new TreeSet<>();
        long offset = random.nextInt(1000);
        long committed = -1;
        for (int i = 0; i < 500; i++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    offset += 1 + (random.nextInt(10) == 0 ? random.nextInt(5) : 0);
                    progress.read(offset);
                    read.add(offset);
                    open.add(offset);
                }
                case 2, 3 -> {
                    if (!open.isEmpty()) {
                        progress.ended(open.remove(random.nextInt(open.size())));
                    }
                }
                default -> {
                    long toCommit = progress.toCommit();
                    if (toCommit >= 0) {
                        progress.committed(toCommit);
                        committed = toCommit;
                    }
                }
            }
            // Behind the last ended event before which nothing is open.
            Long firstOpen = open.stream().min(Long::compare).orElse(Long.MAX_VALUE);
            Long lastEnded = read.lower(firstOpen);
            long expected = lastEnded == null || lastEnded + 1 <= committed ? -1 : lastEnded + 1;
            assertThat(progress.toCommit()).isEqualTo(expected);
        }
    }

    @Test
    void aLateAnswerToAnOlderCommitDoesNotTurnItBack() {
        PartitionProgress progress = new PartitionProgress();
        progress.read(7);
        progress.ended(7);
        progress.committed(8);
        progress.committed(5);

        assertThat(progress.toCommit()).isEqualTo(-1);
    }

    @Test
    void onceRevokedNothingIsBegunAndWhatRunsIsWaitedFor() throws Exception {
        PartitionProgress progress = new PartitionProgress();
        assertThat(progress.begin()).isTrue();

        progress.revoke();

        assertThat(progress.begin()).isFalse();
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
            try {
                progress.awaitDone(System.nanoTime() + TimeUnit.SECONDS.toNanos(20));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(waiting).isNotDone();
        progress.done();
        waiting.get(10, TimeUnit.SECONDS);
    }

    @Test
    void waitingEndsAtItsDeadline() throws Exception {
        PartitionProgress progress = new PartitionProgress();
        assertThat(progress.begin()).isTrue();
        long start = System.nanoTime();

        progress.awaitDone(start + TimeUnit.MILLISECONDS.toNanos(50));

        assertThat(System.nanoTime() - start).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(45));
    }
}
