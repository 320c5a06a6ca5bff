package org.signupmailer.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
@Execution(ExecutionMode.CONCURRENT)
class RecipientLanesTest {

    private final RecipientLanes lanes = started(4);

    private static RecipientLanes started(int concurrency) {
        RecipientLanes lanes = new RecipientLanes(concurrency);
        lanes.start();
        return lanes;
    }

    @AfterEach
    void stop() throws InterruptedException {
        lanes.stop(5, TimeUnit.SECONDS);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void oneRecipientsTasksRunInTheirOrderAndNeverTwoAtATime(long seed) {
        Random random = new Random(seed);
        Map<String, List<Integer>> done = new ConcurrentHashMap<>();
        Map<String, List<Integer>> expected = new ConcurrentHashMap<>();
        Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger all = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger overlaps = new AtomicInteger();
        for (int i = 0; i < 2000; i++) {
            String recipient = "r" + random.nextInt(20);
            int number = i;
            expected.computeIfAbsent(recipient, r -> new ArrayList<>()).add(number);
            submit(recipient, () -> {
                most.accumulateAndGet(all.incrementAndGet(), Math::max);
                AtomicInteger own = running.computeIfAbsent(recipient, r -> new AtomicInteger());
                if (own.incrementAndGet() > 1) {
                    overlaps.incrementAndGet();
                }
                done.computeIfAbsent(recipient, r -> new ArrayList<>()).add(number);
                own.decrementAndGet();
                all.decrementAndGet();
                ended.incrementAndGet();
            });
        }

        await().until(() -> ended.get() == 2000);
        assertThat(done).isEqualTo(expected);
        assertThat(overlaps).hasValue(0);
        assertThat(most.get()).isLessThanOrEqualTo(4);
    }

    @Test
    void aSlowRecipientHoldsUpNobodyElse() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(300);
        List<String> order = new ArrayList<>();
        submit("slow", () -> waitFor(slow));
        for (int i = 0; i < 100; i++) {
            submit("slow", () -> order.add("slow"));
        }
        for (int i = 0; i < 300; i++) {
            submit("r" + i, others::countDown);
        }

        assertThat(others.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(order).isEmpty();
        slow.countDown();
        await().until(() -> order.size() == 100);
    }

    @Test
    void noMoreRunAtOnceThanAllowed() {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger running = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            submit("r" + i, () -> {
                running.incrementAndGet();
                waitFor(go);
            });
        }

        await().until(() -> running.get() == 4);
        await().during(Duration.ofMillis(100)).until(() -> running.get() == 4);
        go.countDown();
        await().until(() -> running.get() == 20);
    }

    @Test
    void aTaskThatIsOverLaterHoldsUpItsRecipientAndNoWorker() {
        Queue<RecipientLanes.Turn> unended = new ConcurrentLinkedQueue<>();
        AtomicInteger after = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            lanes.submit("r" + i, turn -> {
                unended.add(turn);
                turn.through();
            });
            submit("r" + i, after::incrementAndGet);
        }

        await().until(() -> unended.size() == 20);
        await().during(Duration.ofMillis(100)).until(() -> after.get() == 0);
        unended.remove().over();
        await().until(() -> after.get() == 1);
        unended.forEach(RecipientLanes.Turn::over);
        await().until(() -> after.get() == 20);
    }

    @Test
    void aTaskThatIsNotThroughTakesTheShareOfAnother() {
        Queue<RecipientLanes.Turn> begun = new ConcurrentLinkedQueue<>();
        for (int i = 0; i < 6; i++) {
            lanes.submit("r" + i, begun::add);
        }

        await().until(() -> begun.size() == 4);
        await().during(Duration.ofMillis(100)).until(() -> begun.size() == 4);
        RecipientLanes.Turn first = begun.remove();
        first.through();
        first.through();
        await().until(() -> begun.size() == 4);
        await().during(Duration.ofMillis(100)).until(() -> begun.size() == 4);
        first.over();
        begun.remove().over();
        await().until(() -> begun.size() == 4);
        begun.forEach(RecipientLanes.Turn::over);
    }

    @Test
    void aTaskThatIsOverTwiceLetsNoTwoOfItsRecipientBegin() {
        Queue<RecipientLanes.Turn> unended = new ConcurrentLinkedQueue<>();
        lanes.submit("ann", turn -> {
            turn.over();
            unended.add(turn);
        });
        await().until(() -> unended.size() == 1);
        for (int i = 0; i < 3; i++) {
            lanes.submit("ann", unended::add);
        }
        await().until(() -> unended.size() == 2);

        unended.remove().over();

        await().during(Duration.ofMillis(100)).until(() -> unended.size() == 1);
    }

    @Test
    void stoppingWaitsForTasksThatAreOverLater() throws Exception {
        Queue<RecipientLanes.Turn> unended = new ConcurrentLinkedQueue<>();
        lanes.submit("ann", unended::add);
        await().until(() -> unended.size() == 1);
        assertThat(lanes.stop(50, TimeUnit.MILLISECONDS)).isFalse();

        CompletableFuture<Void> ending = CompletableFuture.runAsync(unended.remove()::over);

        assertThat(lanes.stop(10, TimeUnit.SECONDS)).isTrue();
        ending.join();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTaskThatThrowsHoldsUpNobody(boolean error) {
        AtomicInteger after = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            submit("ann", () -> {
                if (error) {
                    throw new StackOverflowError();
                }
                throw new IllegalStateException("expected by the test");
            });
            submit("ann", after::incrementAndGet);
        }

        await().until(() -> after.get() == 20);
    }

    @Test
    void aTaskThatLeavesItsThreadInterruptedCostsNoWorker() {
        AtomicInteger after = new AtomicInteger();
        AtomicInteger interrupted = new AtomicInteger();
        for (int i = 0; i < 20; i++) {
            submit("r" + i, () -> Thread.currentThread().interrupt());
            submit("r" + i, () -> {
                interrupted.addAndGet(Thread.currentThread().isInterrupted() ? 1 : 0);
                after.incrementAndGet();
            });
        }

        await().until(() -> after.get() == 20);
        assertThat(interrupted).hasValue(0);
    }

    @Test
    void inAPauseWhatRunsGoesOnAndNothingBegins() {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        submit("first", () -> {
            begun.incrementAndGet();
            waitFor(go);
            ended.incrementAndGet();
        });
        await().until(() -> begun.get() == 1);

        lanes.pause(true);
        for (int i = 0; i < 10; i++) {
            submit("r" + i, begun::incrementAndGet);
        }
        go.countDown();

        await().until(() -> ended.get() == 1);
        await().during(Duration.ofMillis(100)).until(() -> begun.get() == 1);
        lanes.pause(false);
        await().until(() -> begun.get() == 11);
    }

    @Test
    void stoppingLetsWhatRunsEndAndDropsTheRest() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger begun = new AtomicInteger();
        for (int i = 0; i < 50; i++) {
            submit("r" + i % 8, () -> {
                begun.incrementAndGet();
                waitFor(go);
            });
        }
        await().until(() -> begun.get() == 4);
        assertThat(lanes.stop(50, TimeUnit.MILLISECONDS)).isFalse();

        go.countDown();

        assertThat(lanes.stop(10, TimeUnit.SECONDS)).isTrue();
        submit("late", begun::incrementAndGet);
        assertThat(begun).hasValue(4);
    }

    @Test
    void aPauseDoesNotKeepItFromStopping() throws Exception {
        lanes.pause(true);
        AtomicInteger begun = new AtomicInteger();
        for (int i = 0; i < 10; i++) {
            submit("r" + i, begun::incrementAndGet);
        }

        assertThat(lanes.stop(10, TimeUnit.SECONDS)).isTrue();
        assertThat(begun).hasValue(0);
    }

    private void submit(String recipient, Runnable task) {
        lanes.submit(recipient, turn -> {
            task.run();
            turn.over();
        });
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
