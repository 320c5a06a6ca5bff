package org.signupmailer.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.mail.MessagingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** Mails are handed to a relay without a thread that waits for its answers. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class HandOverTest {

    @ParameterizedTest
    @EnumSource(org.signupmailer.testing.smtp.TlsMode.class)
    void nobodyWaitsAndItGoesOnByTheMailsOwnThreads(org.signupmailer.testing.smtp.TlsMode tls) throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        Queue<Runnable> further = new ConcurrentLinkedQueue<>();
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with().tls(tls).start();
                RelaySender sender = RelayBench.of(smtp).connections(3).sender()) {
            smtp.on(Phase.DATA_END).holdUntil(answer);
            List<CompletableFuture<Optional<MessagingException>>> done = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                OutgoingMail mail = RelayBench.mail("m" + i);
                mail.goesOn(onward(further));
                done.add(handed(sender, mail));
            }
            await().until(() -> smtp.count(Phase.DATA_END) == 3);
            assertThat(further).isEmpty();
            answer.countDown();

            await().until(() -> further.size() == 9);
            assertThat(done).noneMatch(CompletableFuture::isDone);
            further.forEach(Runnable::run);

            assertThat(done).allMatch(mail -> mail.join().isEmpty());
            assertThat(smtp.acceptedIds()).hasSize(9).doesNotHaveDuplicates();
            assertThat(smtp.connections()).isEqualTo(3);
        }
    }

    @Test
    void theFirstWordsOfAMailThatFindsAFreeConnectionAreSaidByItsOwnThread() throws Exception {
        CountDownLatch goOn = new CountDownLatch(1);
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SmtpLoop loop = new SmtpLoop();
                RelaySender sender = RelayBench.of(smtp).connections(1).sender(loop)) {
            assertThat(handed(sender, RelayBench.mail("first")).join()).isEmpty();
            CountDownLatch held = new CountDownLatch(1);
            loop.execute(() -> {
                held.countDown();
                awaitQuietly(goOn);
            });
            held.await();

            CompletableFuture<Optional<MessagingException>> second = handed(sender, RelayBench.mail("second"));
            CompletableFuture<Optional<MessagingException>> third = handed(sender, RelayBench.mail("third"));

            await().until(() -> smtp.count(Phase.DATA) == 2);
            goOn.countDown();
            assertThat(second.join()).isEmpty();
            assertThat(third.join()).isEmpty();
            assertThat(smtp.acceptedIds()).containsExactly("first", "second", "third");
        } finally {
            goOn.countDown();
        }
    }

    @Test
    void mailsFindTheirEndWhateverARelayDoesToConnectionsThatAreFree() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                RelaySender sender = RelayBench.of(smtp).connections(3).sender()) {
            List<String> accepted = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                // Three new ones that were dropped in a row make the relay rest.
                await().until(sender.gate()::available);
                Map<String, CompletableFuture<Optional<MessagingException>>> done = new LinkedHashMap<>();
                for (int j = random.nextInt(5); j >= 0; j--) {
                    String id = "m" + i + "-" + j;
                    done.put(id, handedByAnother(sender, RelayBench.mail(id)));
                    if (random.nextInt(4) == 0) {
                        smtp.dropIdleConnections();
                    }
                }
                assertThat(done.values()).as("seed %d, round %d", seed, i).allSatisfy(mail -> assertThat(mail)
                        .succeedsWithin(Duration.ofSeconds(20)));
                // A connection that was new when it was dropped is the relay's failure: that mail is another relay's.
                done.forEach((id, mail) -> {
                    if (mail.join().isEmpty()) {
                        accepted.add(id);
                    }
                });
            }
            assertThat(accepted).as("seed %d", seed).hasSizeGreaterThan(60);
            assertThat(smtp.acceptedIds()).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(accepted);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whoWaitsItselfNeedsNoOtherThread() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                RelaySender sender = RelayBench.of(smtp).sender()) {
            OutgoingMail mail = RelayBench.mail("a");
            Queue<Runnable> nobody = new ConcurrentLinkedQueue<>();
            mail.goesOn(onward(nobody));

            sender.send(mail);

            assertThat(mail.attempts()).hasSize(1).allMatch(Attempt::accepted);
            assertThat(nobody).isEmpty();
        }
    }

    @Test
    void aMailThatIsCalledOffInLineIsNotSentAndItsConnectionServesTheNext() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                RelaySender sender = RelayBench.of(smtp).connections(1).sender()) {
            CountDownLatch answer = new CountDownLatch(1);
            smtp.on(Phase.DATA_END).holdUntil(answer).once();
            CompletableFuture<Optional<MessagingException>> first = handed(sender, RelayBench.mail("first"));
            await().until(() -> smtp.count(Phase.DATA_END) == 1);
            AtomicBoolean calledOff = new AtomicBoolean();
            List<CompletableFuture<Optional<MessagingException>>> late = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                OutgoingMail mail = RelayBench.mail("late-" + i);
                mail.goesOn(new Onward() {
                    @Override
                    public void execute(Runnable further) {
                        further.run();
                    }

                    @Override
                    public boolean isCalledOff() {
                        return calledOff.get();
                    }
                });
                late.add(handed(sender, mail));
            }
            CompletableFuture<Optional<MessagingException>> next = handed(sender, RelayBench.mail("next"));
            calledOff.set(true);
            answer.countDown();

            assertThat(first.join()).isEmpty();
            assertThat(late).allMatch(mail -> mail.join().orElseThrow() instanceof RelayFailure);
            assertThat(next.join()).isEmpty();
            assertThat(smtp.acceptedIds()).containsExactly("first", "next");
            assertThat(sender.gate().breaker()).isEqualTo("closed");
        }
    }

    @Test
    void aMailThatIsAcceptedWithAFarewellHoldsItsPlaceUntilItIsRecorded() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                RelaySender sender = RelayBench.of(smtp).connections(1).sender()) {
            smtp.on(Phase.DATA_END)
                    .replyRaw("250 2.0.0 fine\r\n421 4.7.0 enough for now\r\n".getBytes(US_ASCII))
                    .once();
            OutgoingMail first = RelayBench.mail("first");
            first.holdUntilRecorded();
            assertThat(handed(sender, first).join()).isEmpty();

            CompletableFuture<Optional<MessagingException>> next = handed(sender, RelayBench.mail("next"));
            await().during(Duration.ofMillis(200)).until(() -> !next.isDone());
            assertThat(smtp.count(Phase.MAIL)).isEqualTo(1);
            first.recorded();

            assertThat(next.join()).isEmpty();
        }
    }

    private static Onward onward(Queue<Runnable> by) {
        return new Onward() {
            @Override
            public void execute(Runnable further) {
                by.add(further);
            }

            @Override
            public boolean isCalledOff() {
                return false;
            }
        };
    }

    @ParameterizedTest
    @EnumSource(org.signupmailer.testing.smtp.TlsMode.class)
    void aLargeMailIsSentWholeWhereverTheRelayStopsReading(org.signupmailer.testing.smtp.TlsMode tls) throws Exception {
        String body = "Lorem ipsum dolor sit amet, .consectetur\r\n".repeat(100_000);
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with().tls(tls).start();
                RelaySender sender = RelayBench.of(smtp).connections(2).sender()) {
            List<CompletableFuture<Optional<MessagingException>>> done = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                done.add(handed(sender, RelayBench.mail("ann@example.com", "large-" + i, body)));
            }

            assertThat(done).allMatch(mail -> mail.join().isEmpty());
            assertThat(smtp.mails()).hasSize(4).allMatch(mail -> new String(mail.raw(), US_ASCII).endsWith(body));
        }
    }

    private static CompletableFuture<Optional<MessagingException>> handedByAnother(
            RelaySender sender, OutgoingMail mail) {
        CompletableFuture<Optional<MessagingException>> done = new CompletableFuture<>();
        new Thread(() -> sender.hand(mail, failure -> done.complete(Optional.ofNullable(failure)))).start();
        return done;
    }

    private static CompletableFuture<Optional<MessagingException>> handed(RelaySender sender, OutgoingMail mail) {
        CompletableFuture<Optional<MessagingException>> done = new CompletableFuture<>();
        sender.hand(mail, failure -> done.complete(Optional.ofNullable(failure)));
        return done;
    }
}
