package org.signupmailer.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** A relay that takes too long for its mails is left alone; one that is blamed for somebody else's delay is not. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class SlowRelayTest {

    private static final Duration SLOW = Duration.ofMillis(400);
    // As many in line behind one place as the breaker looks at, and the first.
    private static final int MAILS = 21;

    private final ScriptedSmtpServer server = ScriptedSmtpServer.start();

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aRelayThatTakesEveryMailButSlowlyIsLeftAlone() {
        server.on(Phase.DATA_END).delay(SLOW.multipliedBy(5).dividedBy(4));
        try (RelaySender sender = RelayBench.of(server).sender(SLOW)) {
            List<CompletableFuture<Attempt>> sent = IntStream.range(0, 5)
                    .mapToObj(i -> start(sender, RelayBench.mail("slow-" + i)))
                    .toList();

            assertThat(sent).allMatch(mail -> mail.join().accepted());
            assertThat(sender.gate().breaker()).isNotEqualTo("closed");
        }
    }

    @Test
    void mailsThatWaitForOthersToBeRecordedAreNotTheRelaysSlowness() {
        try (RelaySender sender = RelayBench.of(server).connections(1).sender(SLOW)) {
            List<OutgoingMail> mails = IntStream.range(0, MAILS)
                    .mapToObj(i -> RelayBench.mail("held-" + i))
                    .toList();
            mails.forEach(OutgoingMail::holdUntilRecorded);
            CompletableFuture<Attempt> first = start(sender, mails.get(0));
            assertThat(first.join().accepted()).isTrue();
            List<CompletableFuture<Attempt>> sent = Stream.concat(
                            Stream.of(first), mails.stream().skip(1).map(mail -> start(sender, mail)))
                    .toList();
            long since = System.nanoTime();
            Awaitility.await("Kafka is away for longer than a relay may take")
                    .until(() -> System.nanoTime() - since > 2 * SLOW.toNanos());

            Awaitility.await("all are sent").atMost(Duration.ofSeconds(50)).until(() -> {
                IntStream.range(0, MAILS).filter(i -> sent.get(i).isDone()).forEach(i -> mails.get(i)
                        .recorded());
                return sent.stream().allMatch(CompletableFuture::isDone);
            });

            assertThat(sent).allMatch(mail -> mail.join().accepted());
            assertThat(sender.gate().breaker()).isEqualTo("closed");
        }
    }

    @Test
    void aRelayThatIsSilentAboutEachRecipientIsLeftAlone() {
        server.on(Phase.RCPT).staySilent();
        try (RelaySender sender =
                RelayBench.of(server).readTimeout(Duration.ofMillis(200)).sender()) {
            for (int i = 0; i < MAILS && sender.gate().available(); i++) {
                RelayBench.attempt(sender, RelayBench.mail("silent-" + i));
            }

            assertThat(sender.gate().breaker()).isEqualTo("open");
        }
    }

    @Test
    void aRelayThatPutsOffEachRecipientIsNot() {
        server.on(Phase.RCPT).reply(450, "4.2.0 Greylisted, try again later");
        try (RelaySender sender = RelayBench.of(server).sender()) {
            for (int i = 0; i < MAILS; i++) {
                RelayBench.attempt(sender, RelayBench.mail("grey-" + i));
            }

            assertThat(sender.gate().breaker()).isEqualTo("closed");
        }
    }

    @Test
    void oneConnectionThatCannotBeOpenedIsOneMailsFailureWhileOthersWork() {
        CountDownLatch answer = new CountDownLatch(1);
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with()
                        .withoutCapability("PIPELINING")
                        .start();
                RelaySender sender = RelayBench.of(smtp).connections(2).sender()) {
            smtp.on(Phase.DATA_END).holdUntil(answer);
            List<CompletableFuture<Attempt>> sent = new ArrayList<>();
            sent.add(start(sender, RelayBench.mail("at-work")));
            Awaitility.await("one connection works").until(() -> smtp.count(Phase.DATA_END) == 1);
            smtp.on(Phase.GREETING)
                    .after(Duration.ofSeconds(1))
                    .dropConnection()
                    .once();
            sent.add(start(sender, RelayBench.mail("opening")));
            Awaitility.await("another one is being opened").until(() -> smtp.connections() == 2);
            IntStream.range(0, MAILS)
                    .mapToObj(i -> start(sender, RelayBench.mail("in-line-" + i)))
                    .forEach(sent::add);
            Awaitility.await("the opening has failed").until(() -> sent.get(1).isDone());
            answer.countDown();

            assertThat(sent).filteredOn(mail -> !mail.join().accepted()).hasSize(1);
            assertThat(sender.gate().breaker()).isEqualTo("closed");
        }
    }

    private static CompletableFuture<Attempt> start(RelaySender sender, OutgoingMail mail) {
        return CompletableFuture.supplyAsync(() -> RelayBench.attempt(sender, mail), task -> new Thread(task).start());
    }
}
