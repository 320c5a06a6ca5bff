package org.signupmailer.relay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The next mail's envelope travels behind a mail; whatever a server makes of that, each mail is accepted once. */
@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class EnvelopesAheadTest {

    @Test
    void theNextMailsEnvelopeIsSentBehindAMailWhoseAnswerIsOutstanding() throws Exception {
        try (Server server = new Server(Habit.WELL);
                RelaySender sender = RelayBench.of(server.port(), TlsMode.NONE)
                        .connections(1)
                        .sender()) {
            List<CompletableFuture<Attempt>> mails = sendAtOnce(sender, 6);

            assertThat(mails).allMatch(mail -> mail.join().accepted());
            assertThat(server.accepted).hasSize(6).doesNotHaveDuplicates();
            assertThat(server.connections).hasValue(1);
            // All but the first and the last find somebody in line.
            assertThat(server.ahead).hasValueGreaterThanOrEqualTo(4);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Habit.class,
            names = {"DROPS_WHAT_IS_BEHIND", "HANGS_UP_ON_IT", "REFUSES_IT", "SAYS_421_AFTER_EACH_MAIL"})
    void aServerThatDoesNotTakeItGetsEachMailOnceAndAfterFiveFailuresOneAfterTheOther(Habit habit) throws Exception {
        try (Server server = new Server(habit);
                RelaySender sender = RelayBench.of(server.port(), TlsMode.NONE)
                        .connections(2)
                        .sender()) {
            List<CompletableFuture<Attempt>> mails = sendAtOnce(sender, 16);

            assertThat(mails).allMatch(mail -> mail.join().accepted());
            assertThat(server.accepted).hasSize(16).doesNotHaveDuplicates();

            int before = server.ahead.get();
            assertThat(before).isBetween(5, 7);
            assertThat(sendAtOnce(sender, 6)).allMatch(mail -> mail.join().accepted());
            assertThat(server.ahead).hasValue(before);
            assertThat(sender.gate().available()).isTrue();
        }
    }

    @Test
    void aMailIsNotHeldUpByTheSlowMailBeforeItWhenAnotherConnectionIsFree() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        try (Server server = new Server(Habit.WELL);
                RelaySender sender = RelayBench.of(server.port(), TlsMode.NONE)
                        .connections(2)
                        .sender()) {
            server.holdAnswerTo("slow", slow);
            CompletableFuture<Attempt> first = send(sender, "slow");
            List<CompletableFuture<Attempt>> others = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                others.add(send(sender, "quick-" + i));
            }

            assertThat(others).allMatch(mail -> mail.join().accepted());
            assertThat(first).isNotDone();
            slow.countDown();
            assertThat(first.join().accepted()).isTrue();
            assertThat(server.accepted).hasSize(9).doesNotHaveDuplicates();
        }
    }

    @Test
    void aMailThatIsRefusedAfterItsDotTakesNothingFromTheNextOne() throws Exception {
        try (Server server = new Server(Habit.REFUSES_EVERY_SECOND_MAIL);
                RelaySender sender = RelayBench.of(server.port(), TlsMode.NONE)
                        .connections(1)
                        .sender()) {
            List<Attempt> attempts =
                    sendAtOnce(sender, 8).stream().map(CompletableFuture::join).toList();

            assertThat(attempts).filteredOn(Attempt::accepted).hasSize(4);
            assertThat(attempts)
                    .filteredOn(attempt -> !attempt.accepted())
                    .allMatch(attempt -> attempt.phase() == SmtpPhase.FINAL_DOT);
            assertThat(server.accepted).hasSize(4).doesNotHaveDuplicates();
            assertThat(server.connections).hasValue(1);
        }
    }

    @Test
    void beforeItsPlaceIsGivenOnNoContentFollows() throws Exception {
        try (Server server = new Server(Habit.WELL);
                RelaySender sender = RelayBench.of(server.port(), TlsMode.NONE)
                        .connections(1)
                        .sender()) {
            OutgoingMail first = RelayBench.mail("first");
            first.holdUntilRecorded();
            CountDownLatch data = server.awaitData("first");
            CompletableFuture<Attempt> sent = start(() -> RelayBench.attempt(sender, first));
            assertThat(data.await(20, TimeUnit.SECONDS)).isTrue();
            CompletableFuture<Attempt> second = send(sender, "second");
            assertThat(sent.get(20, TimeUnit.SECONDS).accepted()).isTrue();

            assertThat(second).isNotDone();
            assertThat(server.accepted).containsExactly("first");
            first.recorded();

            assertThat(second.get(20, TimeUnit.SECONDS).accepted()).isTrue();
            assertThat(server.accepted).containsExactly("first", "second");
        }
    }

    @Test
    void placesThatAreHeldForLongSinceNoEndCanBeRecordedAreNotTheServersFault() throws Exception {
        int connections = EnvelopesAhead.ENOUGH;
        try (Server server = new Server(Habit.WELL);
                RelaySender sender = RelayBench.of(server.port(), TlsMode.NONE)
                        .connections(connections)
                        .sender()) {
            List<OutgoingMail> mails = IntStream.range(0, 5 * connections)
                    .mapToObj(i -> RelayBench.mail("held-" + i))
                    .toList();
            mails.forEach(OutgoingMail::holdUntilRecorded);
            List<CompletableFuture<Attempt>> sent = mails.stream()
                    .map(mail -> start(() -> RelayBench.attempt(sender, mail)))
                    .toList();
            // Behind the second ones all others stand in line, so that each of them has another one's envelope behind
            // it.
            for (int accepted = connections; accepted <= 3 * connections; accepted += connections) {
                int all = accepted;
                Awaitility.await("each connection has taken a mail")
                        .until(() ->
                                sent.stream().filter(CompletableFuture::isDone).count() == all);
                long since = System.nanoTime();
                Awaitility.await("who waits gives up the envelope")
                        .until(() -> System.nanoTime() - since > 5 * Places.ENVELOPE_KEEPS.toNanos() / 4);
                IntStream.range(0, mails.size())
                        .filter(i -> sent.get(i).isDone())
                        .forEach(i -> mails.get(i).recorded());
            }
            int ahead = server.ahead.get();
            Awaitility.await("all are sent").until(() -> {
                IntStream.range(0, mails.size())
                        .filter(i -> sent.get(i).isDone())
                        .forEach(i -> mails.get(i).recorded());
                return sent.stream().allMatch(CompletableFuture::isDone);
            });

            assertThat(sent).allMatch(mail -> mail.join().accepted());
            assertThat(server.accepted).hasSize(mails.size()).doesNotHaveDuplicates();
            assertThat(server.ahead).hasValueGreaterThan(ahead);
        }
    }

    @Test
    void anEnvelopeThatGetsTooOldOnceItsConnectionIsLentIsNotSentAgainAsContent() throws Exception {
        try (Server server = new Server(Habit.WELL);
                SmtpConnectionPool pool = RelayBench.of(server.port(), TlsMode.NONE)
                        .connections(1)
                        .pool()) {
            OutgoingMail next = RelayBench.mail("next");
            SmtpConnection connection = RelayBench.borrow(pool, RelayBench.mail("first"));
            CompletableFuture<SmtpConnection> lent = RelayBench.lent(pool, next);
            RelayBench.send(connection, RelayBench.mail("first"));
            pool.giveBack(connection);
            SmtpConnection lentOn = lent.get(20, TimeUnit.SECONDS);
            assertThat(lentOn.expects(next)).isTrue();
            Awaitility.await("the machine pauses").until(() -> !lentOn.isInTime());

            RelayBench.send(lentOn, next);

            assertThat(server.accepted).containsExactly("first", "next");
            assertThat(server.firstLines).hasSize(2).allMatch(line -> line.startsWith("From: "));
        }
    }

    private static List<CompletableFuture<Attempt>> sendAtOnce(RelaySender sender, int mails) {
        return IntStream.range(0, mails)
                .mapToObj(i -> send(sender, "m" + i + "-" + System.nanoTime()))
                .toList();
    }

    private static CompletableFuture<Attempt> send(RelaySender sender, String id) {
        return start(() -> RelayBench.attempt(sender, RelayBench.mail(id)));
    }

    private static CompletableFuture<Attempt> start(Supplier<Attempt> sending) {
        return CompletableFuture.supplyAsync(sending, task -> new Thread(task).start());
    }

    private enum Habit {
        WELL,
        DROPS_WHAT_IS_BEHIND,
        HANGS_UP_ON_IT,
        REFUSES_IT,
        SAYS_421_AFTER_EACH_MAIL,
        REFUSES_EVERY_SECOND_MAIL
    }

    /** Looks at what has come behind a final dot before it answers it, as no ordinary server does. */
    private static final class Server implements AutoCloseable {

        private static final Pattern ID = Pattern.compile("X-Event-Id: (\\S+)");
        // So long that who waits in line has come, and has written if it may.
        private static final Duration THINKS = Duration.ofMillis(60);

        private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        private final Habit habit;
        private final List<String> accepted = Collections.synchronizedList(new ArrayList<>());
        private final List<String> firstLines = Collections.synchronizedList(new ArrayList<>());
        private final AtomicInteger connections = new AtomicInteger();
        private final AtomicInteger ahead = new AtomicInteger();
        private final AtomicInteger mails = new AtomicInteger();
        private volatile String slow = "";
        private volatile CountDownLatch slowUntil = new CountDownLatch(0);
        private volatile String awaited = "";
        private final CountDownLatch awaitedCame = new CountDownLatch(1);

        Server(Habit habit) throws IOException {
            this.habit = habit;
            Thread accepting = new Thread(() -> {
                while (!listener.isClosed()) {
                    try {
                        Socket socket = listener.accept();
                        connections.incrementAndGet();
                        Thread talking = new Thread(() -> talk(socket));
                        talking.setDaemon(true);
                        talking.start();
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            accepting.setDaemon(true);
            accepting.start();
        }

        int port() {
            return listener.getLocalPort();
        }

        void holdAnswerTo(String id, CountDownLatch until) {
            slowUntil = until;
            slow = id;
        }

        /** Comes when the content of this mail has come, whose answer is a moment away. */
        CountDownLatch awaitData(String id) {
            awaited = id;
            return awaitedCame;
        }

        private void talk(Socket socket) {
            try (socket) {
                InputStream in = new BufferedInputStream(socket.getInputStream());
                OutputStream out = socket.getOutputStream();
                say(out, "220 ready");
                boolean behind = false;
                for (String line = line(in); line != null; line = line(in)) {
                    if (line.startsWith("EHLO")) {
                        say(out, "250-hello\r\n250 PIPELINING");
                    } else if (line.equals("DATA")) {
                        say(out, "354 go on");
                        behind = mail(in, out);
                    } else if (behind && habit == Habit.HANGS_UP_ON_IT) {
                        return;
                    } else if (behind && habit == Habit.REFUSES_IT && !line.equals("RSET")) {
                        say(out, "503 5.5.1 Wait for my answer");
                        behind = !line.startsWith("RCPT");
                        if (!behind) {
                            line(in);
                            say(out, "503 5.5.1 Wait for my answer");
                        }
                    } else {
                        say(out, "250 fine");
                    }
                }
            } catch (IOException | InterruptedException e) {
                // The client is gone.
            }
        }

        /** Whether something came behind it. */
        private boolean mail(InputStream in, OutputStream out) throws IOException, InterruptedException {
            StringBuilder content = new StringBuilder();
            for (String line = line(in); !".".equals(line); line = line(in)) {
                if (line == null) {
                    throw new IOException("it hung up before the final dot, so there is no mail");
                }
                content.append(line).append('\n');
            }
            firstLines.add(content.substring(0, content.indexOf("\n")));
            Matcher id = ID.matcher(content);
            String name = id.find() ? id.group(1) : "";
            if (name.equals(awaited)) {
                awaitedCame.countDown();
            }
            boolean last = !comesMore(in);
            if (!last) {
                ahead.incrementAndGet();
            }
            if (habit == Habit.DROPS_WHAT_IS_BEHIND) {
                while (in.available() > 0) {
                    in.read();
                }
            }
            if (name.equals(slow)) {
                slowUntil.await(20, TimeUnit.SECONDS);
            }
            if (habit == Habit.REFUSES_EVERY_SECOND_MAIL && mails.incrementAndGet() % 2 == 0) {
                say(out, "554 5.6.0 Not this one");
                return false;
            }
            accepted.add(name);
            say(out, "250 taken");
            if (habit == Habit.SAYS_421_AFTER_EACH_MAIL) {
                say(out, "421 4.7.0 One mail at a time");
                throw new IOException("enough");
            }
            return !last;
        }

        private static boolean comesMore(InputStream in) throws IOException {
            long until = System.nanoTime() + THINKS.toNanos();
            while (in.available() == 0 && System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            return in.available() > 0;
        }

        private static @Nullable String line(InputStream in) throws IOException {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    String text = line.toString(US_ASCII);
                    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
                }
                line.write(b);
            }
            return null;
        }

        private static void say(OutputStream out, String words) throws IOException {
            out.write((words + "\r\n").getBytes(US_ASCII));
            out.flush();
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
