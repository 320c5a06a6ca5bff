package org.signupmailer.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class MailThreadsTest {

    private static final int MOST = 16;

    private final MailThreads threads = started();

    private static MailThreads started() {
        MailThreads threads = new MailThreads(MOST);
        threads.start();
        return threads;
    }

    @AfterEach
    void close() {
        threads.callOff();
    }

    @Test
    void tasksThatWaitHoldUpNobodyUntilAsManyWaitAsAreAllowed() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CountDownLatch quick = new CountDownLatch(1);
        AtomicInteger waiting = new AtomicInteger();
        for (int i = 1; i < MOST; i++) {
            threads.begin(() -> {
                waiting.incrementAndGet();
                waitFor(go);
            });
        }

        threads.begin(quick::countDown);

        quick.await();
        await().until(() -> waiting.get() == MOST - 1);
        for (int i = 0; i < MOST; i++) {
            threads.begin(() -> {
                waiting.incrementAndGet();
                waitFor(go);
            });
        }
        await().until(() -> waiting.get() == MOST);
        await().during(Duration.ofMillis(100)).until(() -> waiting.get() == MOST);
        go.countDown();
        await().until(() -> waiting.get() == 2 * MOST - 1);
    }

    @Test
    void whatIsBegunGoesOnThoughAllOthersWaitForIt() {
        CountDownLatch each = new CountDownLatch(MOST);
        AtomicInteger over = new AtomicInteger();
        for (int i = 0; i < MOST; i++) {
            threads.begin(() -> {
                CountDownLatch own = new CountDownLatch(1);
                each.countDown();
                waitFor(each);
                threads.execute(own::countDown);
                waitFor(own);
                over.incrementAndGet();
            });
        }

        await().until(() -> over.get() == MOST);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyTaskIsRunOnceHoweverTheyCome(long seed) throws Exception {
        Queue<Integer> ran = new ConcurrentLinkedQueue<>();
        AtomicInteger tasks = new AtomicInteger();
        Thread[] from = IntStream.range(0, 3)
                .mapToObj(thread -> new Thread(() -> {
                    Random random = new Random(seed + thread);
                    for (int i = 0; i < 2000; i++) {
                        int number = tasks.getAndIncrement();
                        int spin = random.nextInt(20) == 0 ? random.nextInt(20_000) : 0;
                        threads.execute(() -> {
                            long until = System.nanoTime() + spin * 100L;
                            while (System.nanoTime() < until) {
                                Thread.onSpinWait();
                            }
                            ran.add(number);
                        });
                        if (random.nextInt(100) == 0) {
                            await().until(() -> ran.size() >= number / 2);
                        }
                    }
                }))
                .toArray(Thread[]::new);
        for (Thread thread : from) {
            thread.start();
        }
        for (Thread thread : from) {
            thread.join();
        }

        await().until(() -> ran.size() == tasks.get());
        assertThat(ran).doesNotHaveDuplicates();
    }

    @Test
    void whileTasksAreQuickFewThreadsAreAtWork() {
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < 200; i++) {
            int before = ran.get();
            threads.execute(() -> {
                used.add(Thread.currentThread());
                ran.incrementAndGet();
            });
            await().pollInterval(Duration.ofMillis(1)).until(() -> ran.get() > before);
        }

        // One more for each of them that stood still for a moment.
        assertThat(used.size()).isLessThan(MOST);
    }

    @Test
    void whoIsAtWorkTakesTheNextTaskAndNobodyIsWokenForIt() {
        AtomicInteger byAnother = new AtomicInteger();
        int rounds = 200;
        for (int i = 0; i < rounds; i++) {
            CountDownLatch over = new CountDownLatch(1);
            threads.execute(() -> {
                Thread first = Thread.currentThread();
                threads.execute(() -> {
                    byAnother.addAndGet(Thread.currentThread() == first ? 0 : 1);
                    over.countDown();
                });
                // Longer than it takes to wake a thread, shorter than what counts as slow.
                long until = System.nanoTime() + 2_000_000;
                while (System.nanoTime() < until) {
                    Thread.onSpinWait();
                }
            });
            waitFor(over);
        }

        // One that was kept from its core for long is helped.
        assertThat(byAnother).hasValueLessThan(rounds / 2);
    }

    @Test
    void whoBringsATaskHelpsThoseBehindOnesThatWaitThoughNoClockLooks() {
        int cores = Runtime.getRuntime().availableProcessors();
        MailThreads withoutClock = new MailThreads(4 * cores);
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        IntStream.range(0, 2 * cores).forEach(i -> withoutClock.begin(() -> waitFor(go)));

        await().pollInterval(Duration.ofMillis(10)).until(() -> {
            withoutClock.begin(ran::incrementAndGet);
            return ran.get() > 0;
        });

        go.countDown();
        withoutClock.callOff();
    }

    @Test
    void aTaskThatThrowsOrLeavesItsThreadInterruptedCostsNone() {
        AtomicInteger after = new AtomicInteger();
        for (int i = 0; i < 3 * MOST; i++) {
            threads.execute(() -> {
                throw new StackOverflowError();
            });
            threads.execute(() -> Thread.currentThread().interrupt());
            threads.execute(() -> {
                if (!Thread.currentThread().isInterrupted()) {
                    after.incrementAndGet();
                }
            });
        }

        await().until(() -> after.get() == 3 * MOST);
    }

    @Test
    void whatComesAfterTheEndIsStillDoneAndNoThreadStays() {
        Set<Thread> used = ConcurrentHashMap.newKeySet();
        CountDownLatch go = new CountDownLatch(1);
        for (int i = 0; i < 5; i++) {
            threads.execute(() -> {
                used.add(Thread.currentThread());
                waitFor(go);
            });
        }
        await().until(() -> used.size() == 5);
        threads.callOff();
        assertThat(threads.isCalledOff()).isTrue();
        AtomicInteger late = new AtomicInteger();

        threads.execute(late::incrementAndGet);
        go.countDown();

        await().until(() -> late.get() == 1);
        await().until(() -> used.stream().noneMatch(Thread::isAlive));
        threads.execute(late::incrementAndGet);
        await().until(() -> late.get() == 2);
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
