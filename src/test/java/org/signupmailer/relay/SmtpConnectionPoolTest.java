package org.signupmailer.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ReceivedMail;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class SmtpConnectionPoolTest {

    private static final OutgoingMail MAIL = RelayBench.mail("any");

    @Test
    void connectionsAreReusedAndNeverMoreThanAllowed() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                RelaySender sender = RelayBench.of(smtp).connections(3).sender()) {
            smtp.on(Phase.DATA_END).delay(Duration.ofMillis(5));

            List<Attempt> attempts = sendAtOnce(sender, 12, 120);

            assertThat(attempts).allMatch(Attempt::accepted);
            assertThat(smtp.acceptedIds()).hasSize(120).doesNotHaveDuplicates();
            assertThat(smtp.connections()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void aConnectionRetiresAfterItsMails() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                RelaySender sender = RelayBench.of(smtp).mailsPerConnection(2).sender()) {
            for (int i = 0; i < 5; i++) {
                assertThat(RelayBench.attempt(sender, RelayBench.mail("m" + i)).accepted())
                        .isTrue();
            }

            assertThat(smtp.mails().stream().map(ReceivedMail::connection)).containsExactly(1, 1, 2, 2, 3);
        }
    }

    @Test
    void anIdleOrOldConnectionIsNotUsedAgain() throws Exception {
        Duration brief = Duration.ofMillis(400);
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            for (RelayBench bench :
                    List.of(RelayBench.of(smtp).idle(brief), RelayBench.of(smtp).maxAge(brief))) {
                try (SmtpConnectionPool pool = bench.pool()) {
                    SmtpConnection first = RelayBench.borrow(pool, MAIL);
                    pool.giveBack(first);
                    await().until(() -> first.idle().compareTo(brief) > 0);

                    SmtpConnection second = RelayBench.borrow(pool, MAIL);

                    assertThat(second).isNotSameAs(first);
                    pool.giveBack(second);
                }
            }
        }
    }

    @Test
    void idleConnectionsAreClosedWithoutAnybodyAskingForOne() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                RelaySender sender = RelayBench.of(smtp)
                        .connections(8)
                        .idle(Duration.ofMillis(50))
                        .sender()) {
            CountDownLatch together = new CountDownLatch(1);
            smtp.on(Phase.DATA_END).holdUntil(together);
            List<CompletableFuture<Attempt>> mails = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                OutgoingMail mail = RelayBench.mail("m" + i);
                mails.add(CompletableFuture.supplyAsync(
                        () -> RelayBench.attempt(sender, mail), task -> new Thread(task).start()));
            }
            await().until(() -> smtp.openConnections() == 8);
            together.countDown();
            assertThat(mails).allMatch(mail -> mail.join().accepted());

            // One sweep closes all eight; three at a time it would take three.
            await().atMost(Duration.ofSeconds(9)).until(() -> smtp.openConnections() == 0);
        }
    }

    @Test
    void closingEndsIdleConnectionsNowAndLentOnesWhenTheyComeBack() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            SmtpConnectionPool pool = RelayBench.of(smtp).pool();
            SmtpConnection idle = RelayBench.borrow(pool, MAIL);
            SmtpConnection lent = RelayBench.borrow(pool, MAIL);
            pool.giveBack(idle);

            pool.close();
            await().until(() -> smtp.openConnections() == 1);
            assertThatThrownBy(() -> RelayBench.borrow(pool, MAIL))
                    .isInstanceOf(SmtpFailure.class)
                    .hasMessageContaining("stopping");
            assertThat(RelayBench.send(lent, RelayBench.mail("a")).code()).isEqualTo(250);
            pool.giveBack(lent);

            await().until(() -> smtp.openConnections() == 0);
        }
    }

    @Test
    void connectionsThatTheRelayDroppedWhileIdleCostNoMail() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                RelaySender sender = RelayBench.of(smtp).sender()) {
            assertThat(RelayBench.attempt(sender, RelayBench.mail("a")).accepted())
                    .isTrue();
            await().until(() -> {
                smtp.dropIdleConnections();
                return smtp.openConnections() == 0;
            });
            OutgoingMail mail = RelayBench.mail("b");

            assertThat(RelayBench.attempt(sender, mail).accepted()).isTrue();

            assertThat(mail.attempts()).hasSize(1);
            assertThat(smtp.acceptedIds()).containsExactly("a", "b");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFarewellWhileIdleCostsNoMail(boolean secured) {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with()
                        .tls(
                                secured
                                        ? org.signupmailer.testing.smtp.TlsMode.STARTTLS
                                        : org.signupmailer.testing.smtp.TlsMode.NONE)
                        .idleTimeout(Duration.ofMillis(500))
                        .start();
                RelaySender sender = RelayBench.of(smtp).sender()) {
            assertThat(RelayBench.attempt(sender, RelayBench.mail("a")).accepted())
                    .isTrue();
            await().until(() -> smtp.transcript().contains("421 4.4.2"));
            await().pollDelay(Duration.ofMillis(50)).until(() -> true);
            OutgoingMail mail = RelayBench.mail("b");

            assertThat(RelayBench.attempt(sender, mail).accepted()).isTrue();

            assertThat(mail.attempts()).hasSize(1);
            assertThat(smtp.acceptedIds()).containsExactly("a", "b");
        }
    }

    @Test
    void whoeverWaitsForAConnectionLearnsAtOnceThatTheRelayIsGone() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SmtpConnectionPool pool = RelayBench.of(smtp).connections(2).pool()) {
            SmtpConnection one = RelayBench.borrow(pool, MAIL);
            SmtpConnection two = RelayBench.borrow(pool, MAIL);
            List<CompletableFuture<SmtpPhase>> waiting = borrowAtOnce(pool, 8);
            long start = System.nanoTime();

            smtp.stop();
            pool.drop(one);
            pool.drop(two);

            for (CompletableFuture<SmtpPhase> phase : waiting) {
                assertThat(phase.get(15, TimeUnit.SECONDS)).isEqualTo(SmtpPhase.CONNECT);
            }
            // Well below the 20 s for which they would wait for a connection.
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
    }

    @Test
    void whoeverWaitedWhileTheRelayWasFoundDarkDoesNotTryOnceMore() throws Exception {
        try (SmtpConnectionTest.BlackHole hole = new SmtpConnectionTest.BlackHole();
                SmtpConnectionPool pool = RelayBench.of(hole.port(), TlsMode.NONE)
                        .connections(1)
                        .connectTimeout(Duration.ofSeconds(2))
                        .pool()) {
            long start = System.nanoTime();

            for (CompletableFuture<SmtpPhase> phase : borrowAtOnce(pool, 6)) {
                assertThat(phase.get(30, TimeUnit.SECONDS)).isEqualTo(SmtpPhase.CONNECT);
            }

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(7));
        }
    }

    @Test
    void whoeverWaitsTooLongIsToldHowManyConnectionsAreBusy() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SmtpConnectionPool pool = RelayBench.of(smtp)
                        .connections(1)
                        .readTimeout(Duration.ofSeconds(2))
                        .pool()) {
            SmtpConnection only = RelayBench.borrow(pool, MAIL);

            assertThatThrownBy(() -> RelayBench.borrow(pool, MAIL))
                    .isInstanceOf(SmtpFailure.class)
                    .hasMessage("all 1 connections were busy for 2000 ms");

            pool.giveBack(only);
            assertThat(RelayBench.borrow(pool, MAIL)).isSameAs(only);
        }
    }

    @Test
    void closingSendsAwayWhoWaitsForAConnection() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            SmtpConnectionPool pool = RelayBench.of(smtp).connections(1).pool();
            SmtpConnection only = RelayBench.borrow(pool, MAIL);
            CompletableFuture<SmtpConnection> waiting = RelayBench.lent(pool, MAIL);

            pool.close();

            assertThat(waiting)
                    .failsWithin(RelayBench.LONG)
                    .withThrowableThat()
                    .withCauseInstanceOf(SmtpFailure.class)
                    .withMessageContaining("stopping");
            pool.giveBack(only);
            await().until(() -> smtp.openConnections() == 0);
        }
    }

    @Test
    void aConnectionThatTheRelayLeftWhileIdleIsNotLentAgain() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SmtpConnectionPool pool = RelayBench.of(smtp).pool()) {
            SmtpConnection left = RelayBench.borrow(pool, MAIL);
            pool.giveBack(left);
            await().until(() -> {
                smtp.dropIdleConnections();
                return !left.usable();
            });

            SmtpConnection other = RelayBench.borrow(pool, MAIL);

            assertThat(other).isNotSameAs(left);
            assertThat(RelayBench.send(other, RelayBench.mail("a")).code()).isEqualTo(250);
            pool.giveBack(other);
        }
    }

    @Test
    void aFailedOpeningOrADroppedConnectionTakesNoPlace() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SmtpConnectionPool pool = RelayBench.of(smtp).connections(2).pool()) {
            smtp.on(Phase.GREETING).reply(421, "4.3.2 Busy").times(5);
            for (int i = 0; i < 5; i++) {
                assertThatThrownBy(() -> RelayBench.borrow(pool, MAIL)).isInstanceOf(SmtpFailure.class);
            }
            for (int i = 0; i < 5; i++) {
                pool.drop(RelayBench.borrow(pool, MAIL));
            }

            SmtpConnection one = RelayBench.borrow(pool, MAIL);
            SmtpConnection two = RelayBench.borrow(pool, MAIL);

            assertThat(pool.inUse()).isEqualTo(2);
            pool.giveBack(one);
            pool.giveBack(two);
            assertThat(pool.idle()).isEqualTo(2);
        }
    }

    @Test
    void aClosedPortLeadsToTheNextOneWhichIsRemembered() throws IOException {
        int closed = SmtpConnectionTest.closedPort();
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                RelaySender sender = RelayBench.of(smtp)
                        .plainPorts(closed, smtp.port())
                        .mailsPerConnection(1)
                        .sender()) {
            for (int i = 0; i < 3; i++) {
                Attempt attempt = RelayBench.attempt(sender, RelayBench.mail("m" + i));

                assertThat(attempt.accepted()).isTrue();
                assertThat(attempt.port()).isEqualTo(smtp.port());
            }
        }
    }

    @Test
    void aDarkPortLeadsToTheNextOneWhichIsRemembered() throws IOException {
        try (SmtpConnectionTest.BlackHole hole = new SmtpConnectionTest.BlackHole();
                ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                RelaySender sender = RelayBench.of(smtp)
                        .plainPorts(hole.port(), smtp.port())
                        .connectTimeout(Duration.ofSeconds(6))
                        .mailsPerConnection(1)
                        .sender()) {
            assertThat(RelayBench.attempt(sender, RelayBench.mail("a")).accepted())
                    .isTrue();
            long start = System.nanoTime();

            assertThat(RelayBench.attempt(sender, RelayBench.mail("b")).accepted())
                    .isTrue();

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(2900));
        }
    }

    @Test
    void aRefusalOnAnOpenPortIsNoReasonToTryAnother() {
        try (ScriptedSmtpServer first = ScriptedSmtpServer.start();
                ScriptedSmtpServer second = ScriptedSmtpServer.start()) {
            first.on(Phase.GREETING).reply(554, "5.7.1 Blocked");

            Attempt attempt =
                    RelayBench.of(first).plainPorts(first.port(), second.port()).attempt();

            assertThat(attempt.reply()).hasToString("554 5.7.1 Blocked");
            assertThat(second.connections()).isZero();
        }
    }

    /** It would have to be woken for them. */
    @Test
    void whoFreesAPlaceSaysTheFirstWordsOfTheNextMailWhileTheLoopsThreadSleeps() throws Exception {
        withConnectionThatWasWaitedFor((connection, loop) -> {
            FirstWords words = new FirstWords();
            await("nothing is to be done").until(loop::isAsleep);

            connection.take(words, () -> {});

            assertThat(words.saidBy).isCompletedWithValue(Thread.currentThread());
        });
    }

    @Test
    void whoFreesAPlaceLeavesTheFirstWordsOfTheNextMailToTheLoopsThreadWhileThatIsAwake() throws Exception {
        withConnectionThatWasWaitedFor((connection, loop) -> {
            FirstWords words = new FirstWords();
            CountDownLatch done = new CountDownLatch(1);
            CompletableFuture<Thread> atWork = new CompletableFuture<>();
            loop.execute(() -> {
                atWork.complete(Thread.currentThread());
                awaitUninterrupted(done);
            });
            Thread leader = atWork.get(20, TimeUnit.SECONDS);

            connection.take(words, () -> {});

            assertThat(words.saidBy).isNotDone();
            done.countDown();
            assertThat(words.saidBy.get(20, TimeUnit.SECONDS)).isSameAs(leader);
        });
    }

    private interface Check {
        void of(SmtpConnection connection, SmtpLoop loop) throws Exception;
    }

    private static void withConnectionThatWasWaitedFor(Check check) throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SmtpLoop loop = new SmtpLoop();
                SmtpConnectionPool pool = RelayBench.of(smtp).connections(1).pool(loop)) {
            SmtpConnection first = RelayBench.borrow(pool, MAIL);
            CompletableFuture<SmtpConnection> next = RelayBench.lent(pool, MAIL);
            pool.giveBack(first);
            SmtpConnection connection = next.get(20, TimeUnit.SECONDS);
            try {
                check.of(connection, loop);
            } finally {
                pool.drop(connection);
            }
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells who said its words. */
    private static final class FirstWords extends SmtpTurn {

        private final CompletableFuture<Thread> saidBy = new CompletableFuture<>();

        @Override
        void begin() {
            byte[] noop = SmtpCommands.lines("NOOP");
            say(noop, noop.length, RelayBench.LONG);
        }

        @Override
        void said() {
            super.said();
            saidBy.complete(Thread.currentThread());
        }

        @Override
        void heard(SmtpReply reply) {
            end();
        }

        @Override
        void lost(SmtpFailure failure) {
            end();
        }
    }

    @Test
    void afterASilentConnectionTheIdleOnesAreNotTrusted() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SmtpConnectionPool pool =
                        RelayBench.of(smtp).readTimeout(Duration.ofSeconds(3)).pool()) {
            SmtpConnection one = RelayBench.borrow(pool, MAIL);
            SmtpConnection two = RelayBench.borrow(pool, MAIL);
            pool.giveBack(one);
            smtp.on(Phase.MAIL).staySilent().once();
            assertThatThrownBy(() -> RelayBench.send(two, RelayBench.mail("a"))).isInstanceOf(SmtpFailure.class);

            pool.giveBack(two);

            assertThat(pool.idle()).isZero();
        }
    }

    private static List<CompletableFuture<SmtpPhase>> borrowAtOnce(SmtpConnectionPool pool, int threads) {
        List<CompletableFuture<SmtpPhase>> failures = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            CompletableFuture<SmtpPhase> failure = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try {
                    pool.giveBack(RelayBench.borrow(pool, MAIL));
                    failure.completeExceptionally(new AssertionError("got a connection"));
                } catch (SmtpFailure e) {
                    failure.complete(e.phase());
                }
            });
            thread.start();
            failures.add(failure);
        }
        return failures;
    }

    private static List<Attempt> sendAtOnce(RelaySender sender, int threads, int mails) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Attempt>> futures = new ArrayList<>();
            for (int i = 0; i < mails; i++) {
                OutgoingMail mail = RelayBench.mail("m" + i);
                futures.add(workers.submit(() -> RelayBench.attempt(sender, mail)));
            }
            List<Attempt> attempts = new ArrayList<>();
            for (Future<Attempt> future : futures) {
                attempts.add(future.get(50, TimeUnit.SECONDS));
            }
            return attempts;
        } finally {
            workers.shutdownNow();
        }
    }
}
