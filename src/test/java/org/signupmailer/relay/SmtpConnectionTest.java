package org.signupmailer.relay;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ReceivedMail;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.signupmailer.testing.smtp.TestCertificates;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class SmtpConnectionTest {

    private static final Duration SOON = Duration.ofMillis(400);
    // What a loaded machine may add to a time-out without the test failing; far below what an unbounded wait would
    // take.
    private static final Duration SLACK = Duration.ofSeconds(8);
    private static final byte[] FROM_LINE = "From: shop@sender.test\r\n".getBytes(US_ASCII);

    // ------------------------------------------------------------------ what goes wrong, and where

    static Stream<Arguments> refusals() {
        return Stream.of(
                arguments(Phase.GREETING, 421, "4.3.2 Try later", SmtpPhase.GREETING, FailureClass.PASSING),
                arguments(Phase.GREETING, 554, "5.3.2 No mail here", SmtpPhase.GREETING, null),
                arguments(Phase.EHLO, 421, "4.3.2 Closing", SmtpPhase.EHLO, FailureClass.PASSING),
                arguments(Phase.EHLO, 554, "5.7.1 Go away", SmtpPhase.EHLO, null),
                arguments(Phase.MAIL, 451, "4.3.0 Busy", SmtpPhase.MAIL, FailureClass.PASSING),
                arguments(Phase.MAIL, 421, "4.7.0 Too much", SmtpPhase.MAIL, FailureClass.PASSING),
                arguments(Phase.RCPT, 450, "4.2.0 Greylisted", SmtpPhase.RCPT, FailureClass.PASSING),
                arguments(Phase.RCPT, 550, "5.1.1 No such user", SmtpPhase.RCPT, FailureClass.RECIPIENT),
                arguments(Phase.RCPT, 421, "4.7.0 Too much", SmtpPhase.RCPT, FailureClass.PASSING),
                arguments(Phase.DATA, 451, "4.3.0 Busy", SmtpPhase.DATA, FailureClass.PASSING),
                arguments(Phase.DATA_END, 552, "5.3.4 Too big", SmtpPhase.FINAL_DOT, FailureClass.MESSAGE),
                arguments(Phase.DATA_END, 554, "5.7.1 Spam", SmtpPhase.FINAL_DOT, null),
                arguments(Phase.DATA_END, 451, "4.3.0 Busy", SmtpPhase.FINAL_DOT, FailureClass.PASSING));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void aRefusalIsToldWithItsPhaseAndReply(Phase at, int code, String text, SmtpPhase phase, FailureClass kind) {
        for (boolean pipelining : new boolean[] {true, false}) {
            try (ScriptedSmtpServer smtp = server(pipelining)) {
                smtp.on(at).reply(code, text);

                Attempt attempt = RelayBench.of(smtp).attempt();

                assertThat(attempt.phase()).isEqualTo(phase);
                assertThat(attempt.reply()).hasToString(code + " " + text);
                if (kind != null) {
                    assertThat(attempt.failure()).isEqualTo(kind);
                }
                assertThat(smtp.mails()).isEmpty();
            }
        }
    }

    @Test
    void aRefusedConnectionFailsAtOnce() throws IOException {
        int port = closedPort();

        Attempt attempt = RelayBench.of(port, TlsMode.NONE).attempt();

        assertThat(attempt.phase()).isEqualTo(SmtpPhase.CONNECT);
        assertThat(attempt.detail()).isEqualTo("Connection refused (port " + port + ")");
        assertThat(attempt.failure()).isEqualTo(FailureClass.PASSING);
    }

    @Test
    void aNameThatDoesNotResolveFailsInPhaseDns() {
        Relay relay = RelayBench.of(25, TlsMode.NONE).relay();
        Relay nowhere = new Relay(
                relay.name(),
                "no-such-host.invalid",
                relay.ports(),
                null,
                null,
                relay.from(),
                null,
                null,
                relay.limits());

        SmtpFailure failure = catchThrowableOfType(
                SmtpFailure.class,
                () -> SmtpConnection.open(nowhere, relay.ports().get(0), SOON, TlsSockets.ofTheJavaInstallation()));

        assertThat(failure.phase()).isEqualTo(SmtpPhase.DNS);
        assertThat(failure).hasMessage("the name no-such-host.invalid does not resolve");
    }

    @Test
    void aBlackHoleCostsOneConnectTimeOut() throws IOException {
        try (BlackHole hole = new BlackHole()) {
            RelayBench bench = RelayBench.of(hole.port(), TlsMode.NONE).connectTimeout(SOON);
            long start = System.nanoTime();

            Attempt attempt = bench.attempt();

            assertThat(attempt.phase()).isEqualTo(SmtpPhase.CONNECT);
            assertThat(attempt.detail()).contains("no answer within 400 ms");
            assertThat(since(start)).isBetween(SOON.minusMillis(50), SOON.plus(SLACK));
        }
    }

    @Test
    void severalPortsOfABlackHoleShareOneConnectTimeOut() throws IOException {
        try (BlackHole first = new BlackHole();
                BlackHole second = new BlackHole();
                BlackHole third = new BlackHole()) {
            Duration time = Duration.ofSeconds(6);
            RelayBench bench = RelayBench.of(first.port(), TlsMode.NONE)
                    .plainPorts(first.port(), second.port(), third.port())
                    .connectTimeout(time);
            long start = System.nanoTime();

            Attempt attempt = bench.attempt();

            assertThat(attempt.phase()).isEqualTo(SmtpPhase.CONNECT);
            assertThat(since(start)).isLessThan(time.multipliedBy(2));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"CONNECT", "GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DATA_END"})
    void silenceIsWaitedForOneReplyTime(Phase at) {
        // Only behind the final dot another outcome is expected than before it, where a loaded machine may be late with
        // an answer: there each has more time.
        Duration time = at == Phase.DATA_END ? Duration.ofSeconds(4) : SOON;
        for (boolean pipelining : new boolean[] {true, false}) {
            try (ScriptedSmtpServer smtp = server(pipelining)) {
                smtp.on(at).staySilent();
                long start = System.nanoTime();

                Attempt attempt = RelayBench.of(smtp).readTimeout(time).attempt();

                assertThat(attempt.reply()).isNull();
                assertThat(attempt.detail()).contains("within");
                assertThat(attempt.failure())
                        .isEqualTo(at == Phase.DATA_END ? FailureClass.UNCERTAIN : FailureClass.PASSING);
                assertThat(since(start)).isBetween(time.minusMillis(50), time.plus(SLACK));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(TlsMode.class)
    void aServerThatSaysAByteNowAndThenIsNotWaitedForLongerThanOneThatIsSilent(TlsMode mode) {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with()
                .tls(org.signupmailer.testing.smtp.TlsMode.valueOf(mode.name()))
                .start()) {
            smtp.on(Phase.MAIL).dribble(Duration.ofMillis(300), 250, "x".repeat(400));
            Duration time = Duration.ofSeconds(3);
            long start = System.nanoTime();

            Attempt attempt = RelayBench.of(smtp).readTimeout(time).attempt();

            assertThat(attempt.phase()).isEqualTo(SmtpPhase.MAIL);
            assertThat(attempt.detail()).isEqualTo("no complete answer within 3000 ms");
            assertThat(since(start)).isLessThan(time.plus(SLACK));
        }
    }

    @Test
    void aTlsHandshakeByteByByteIsBoundedToo() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CountDownLatch over = new CountDownLatch(1);
            Thread server = new Thread(() -> {
                try (Socket socket = listener.accept()) {
                    // The head of a record of 16 KB that never ends.
                    socket.getOutputStream().write(new byte[] {22, 3, 3, 64, 0, 2, 0, 63, (byte) 252, 3, 3});
                    while (!over.await(100, TimeUnit.MILLISECONDS)) {
                        socket.getOutputStream().write(1);
                    }
                } catch (IOException | InterruptedException e) {
                    over.countDown();
                }
            });
            server.start();
            long start = System.nanoTime();

            Attempt attempt = RelayBench.of(listener.getLocalPort(), TlsMode.IMPLICIT)
                    .readTimeout(Duration.ofSeconds(1))
                    .attempt();

            over.countDown();
            server.join();
            assertThat(attempt.phase()).isEqualTo(SmtpPhase.TLS);
            assertThat(since(start)).isLessThan(SLACK);
        }
    }

    @Test
    void aServerThatIsSlowAtEveryStepOfTheOpeningIsLeftAfterTwoReplyTimes() {
        try (ScriptedSmtpServer smtp =
                ScriptedSmtpServer.with().user("shop", "s3cret-word").start()) {
            Duration time = Duration.ofSeconds(3);
            for (Phase phase : new Phase[] {Phase.GREETING, Phase.EHLO, Phase.AUTH}) {
                // Three of them are more than twice the time; what a loaded machine adds has room within each.
                smtp.on(phase).delay(Duration.ofMillis(2100));
            }

            Attempt attempt = RelayBench.of(smtp)
                    .user("shop", "s3cret-word")
                    .readTimeout(time)
                    .attempt();

            assertThat(attempt.phase()).isEqualTo(SmtpPhase.AUTH);
            assertThat(attempt.detail()).isEqualTo("greeting and login took longer than 6000 ms together");
        }
    }

    @Test
    void aServerThatStopsTakingTheMailInIsNotWrittenToForEver() {
        CountDownLatch never = new CountDownLatch(1);
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                RelaySender sender =
                        RelayBench.of(smtp).readTimeout(Duration.ofSeconds(2)).sender()) {
            smtp.on(Phase.DATA_BODY).holdUntil(never);
            long start = System.nanoTime();

            Attempt attempt = RelayBench.attempt(
                    sender, RelayBench.mail("ann@example.com", "big", "0123456789abcd\r\n".repeat(2_000_000)));

            assertThat(attempt.phase()).isEqualTo(SmtpPhase.DATA);
            assertThat(attempt.failure()).isEqualTo(FailureClass.PASSING);
            assertThat(since(start)).isLessThan(SLACK);
        }
    }

    // ------------------------------------------------------------------ connections that end

    @ParameterizedTest
    @EnumSource(
            value = Phase.class,
            names = {"CONNECT", "GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DATA_END"})
    void aConnectionThatEndsIsToldWithItsPhase(Phase at) {
        for (boolean pipelining : new boolean[] {true, false}) {
            for (boolean reset : new boolean[] {true, false}) {
                try (ScriptedSmtpServer smtp = server(pipelining)) {
                    if (reset) {
                        smtp.on(at).resetConnection();
                    } else {
                        smtp.on(at).dropConnection();
                    }

                    Attempt attempt = RelayBench.of(smtp).attempt();

                    assertThat(attempt.reply()).isNull();
                    assertThat(attempt.failure())
                            .isEqualTo(at == Phase.DATA_END ? FailureClass.UNCERTAIN : FailureClass.PASSING);
                    if (at == Phase.DATA_END) {
                        assertThat(attempt.phase()).isEqualTo(SmtpPhase.FINAL_DOT);
                        assertThat(smtp.uncertain()).hasSize(1);
                    }
                }
            }
        }
    }

    @Test
    void aServerThatHangsUpAfterItsGreetingIsToldAtEhlo() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            smtp.on(Phase.GREETING).replyAndClose(220, "hello and goodbye");

            assertThat(RelayBench.of(smtp).attempt().phase()).isEqualTo(SmtpPhase.EHLO);
        }
    }

    @Test
    void aConnectionThatEndsWhileTheMailIsSentLeavesNoDoubt() {
        try (ScriptedSmtpServer smtp =
                        ScriptedSmtpServer.with().withoutCapability("SIZE").start();
                RelaySender sender = RelayBench.of(smtp).sender()) {
            smtp.on(Phase.DATA_BODY).dropConnectionAfterBytes(100_000);

            Attempt attempt = RelayBench.attempt(
                    sender, RelayBench.mail("ann@example.com", "big", "0123456789abcd\r\n".repeat(2_000_000)));

            assertThat(attempt.phase()).isEqualTo(SmtpPhase.DATA);
            assertThat(attempt.failure()).isEqualTo(FailureClass.PASSING);
            assertThat(smtp.mails()).isEmpty();
        }
    }

    // ------------------------------------------------------------------ replies

    @Test
    void repliesOfSeveralLinesAreReadToTheirEnd() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            smtp.on(Phase.GREETING).reply(220, "mx", "by using this server", "you agree");
            smtp.on(Phase.MAIL).reply(250, "2.1.0 one", "2.1.0 two", "2.1.0 three");

            assertThat(RelayBench.of(smtp).attempt().accepted()).isTrue();
            assertThat(smtp.mailCount()).isOne();
        }
    }

    static Stream<byte[]> positiveReplies() {
        byte[] noise = new byte[400];
        new Random(1).nextBytes(noise);
        return Stream.of(
                "250\r\n".getBytes(US_ASCII),
                "250 \r\n".getBytes(US_ASCII),
                "250\n".getBytes(US_ASCII),
                "250-\r\n250-\r\n250\r\n".getBytes(US_ASCII),
                "251 fine as well\r\n".getBytes(US_ASCII),
                "200 fine as well\r\n".getBytes(US_ASCII),
                "250 2.0.0 \u043f\u0440\u0438\u043d\u044f\u0442\u043e\r\n".getBytes(UTF_8),
                ("250 " + new String(noise, ISO_8859_1).replaceAll("[\r\n]", "") + "\r\n").getBytes(ISO_8859_1),
                ("250 " + "x".repeat(1_000_000) + "\r\n").getBytes(US_ASCII),
                ("250-y\r\n".repeat(100_000) + "250 z\r\n").getBytes(US_ASCII));
    }

    @ParameterizedTest
    @MethodSource("positiveReplies")
    void aReplyIsJudgedByItsFirstDigitWhateverElseItHolds(byte[] reply) {
        for (boolean pipelining : new boolean[] {true, false}) {
            try (ScriptedSmtpServer smtp = server(pipelining);
                    RelaySender sender = RelayBench.of(smtp).sender()) {
                for (Phase phase : new Phase[] {Phase.EHLO, Phase.MAIL, Phase.RCPT, Phase.DATA_END}) {
                    smtp.on(phase).replyRaw(reply);
                }

                assertThat(RelayBench.attempt(sender, RelayBench.mail("a")).accepted())
                        .isTrue();
                assertThat(RelayBench.attempt(sender, RelayBench.mail("b")).accepted())
                        .isTrue();
                assertThat(smtp.acceptedIds()).containsExactly("a", "b");
                assertThat(smtp.connections()).isOne();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 400 Bad Request\r\n\r\n",
                "\r\n",
                "25\r\n",
                "\u0000\u0001\u0002\u0003\r\n",
                "Hello, I am a server\r\n",
                "250OK\r\n",
                "999 what\r\n",
                "150 what\r\n",
                "\u001b[31m250 ok\r\n"
            })
    void whatIsNoReplyMakesTheOutcomeUncertainAndEndsTheConnection(String noise) {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                RelaySender sender = RelayBench.of(smtp).sender()) {
            smtp.on(Phase.DATA_END).replyRaw(noise.getBytes(ISO_8859_1)).once();

            Attempt attempt = RelayBench.attempt(sender, RelayBench.mail("a"));

            assertThat(attempt.failure()).isEqualTo(FailureClass.UNCERTAIN);
            assertThat(RelayBench.attempt(sender, RelayBench.mail("b")).accepted())
                    .isTrue();
            assertThat(smtp.connections()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.6\r\n", "\r\n", "999 hi\r\n"})
    void aServerThatSpeaksSomethingElseIsToldAtTheGreeting(String noise) {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            smtp.on(Phase.GREETING).replyRaw(noise.getBytes(ISO_8859_1));

            Attempt attempt = RelayBench.of(smtp).attempt();

            assertThat(attempt.phase()).isEqualTo(SmtpPhase.GREETING);
            assertThat(attempt.failure()).isEqualTo(FailureClass.PASSING);
        }
    }

    @Test
    void anEndlessReplyIsCutOff() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            smtp.on(Phase.DATA_END).replyRaw("250-and so on\r\n".repeat(400_000).getBytes(US_ASCII));

            Attempt attempt = RelayBench.of(smtp).attempt();

            assertThat(attempt.failure()).isEqualTo(FailureClass.UNCERTAIN);
            assertThat(attempt.detail()).contains("longer than");
        }
    }

    @Test
    void anOldServerThatKnowsNoEhloIsGreetedWithHelo() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            smtp.on(Phase.EHLO).reply(502, "5.5.1 Unrecognized").once();

            assertThat(RelayBench.of(smtp).attempt().accepted()).isTrue();
            assertThat(smtp.conversation(1).commands()).contains("HELO [127.0.0.1]");
        }
    }

    // ------------------------------------------------------------------ TLS

    @ParameterizedTest
    @EnumSource(
            value = TestCertificates.Kind.class,
            names = {"EXPIRED", "WRONG_HOST", "SELF_SIGNED"})
    void aBadCertificateEndsTheConversationBeforeTheLogin(TestCertificates.Kind kind) {
        for (var mode : List.of(
                org.signupmailer.testing.smtp.TlsMode.IMPLICIT, org.signupmailer.testing.smtp.TlsMode.STARTTLS)) {
            try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with()
                    .tls(mode)
                    .certificate(kind)
                    .user("shop", "s3cret-word")
                    .start()) {
                Attempt attempt =
                        RelayBench.of(smtp).user("shop", "s3cret-word").attempt();

                assertThat(attempt.phase()).isEqualTo(SmtpPhase.TLS);
                assertThat(attempt.detail()).startsWith("the TLS handshake failed: ");
                assertThat(smtp.count(Phase.AUTH)).isZero();
                assertThat(smtp.transcript()).doesNotContain("AUTH ").doesNotContain("MAIL");
            }
        }
    }

    @Test
    void anAuthorityThatNobodyTrustsEndsTheConversationBeforeTheLogin() throws Exception {
        SSLContext other = SSLContext.getInstance("TLS");
        other.init(null, null, null);
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with()
                .tls(org.signupmailer.testing.smtp.TlsMode.STARTTLS)
                .user("shop", "s3cret-word")
                .start()) {
            Attempt attempt = RelayBench.of(smtp)
                    .trust(new TlsSockets(other))
                    .user("shop", "s3cret-word")
                    .attempt();

            assertThat(attempt.phase()).isEqualTo(SmtpPhase.TLS);
            assertThat(attempt.detail()).contains("PKIX");
            assertThat(smtp.count(Phase.AUTH)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsMode.class,
            names = {"IMPLICIT", "STARTTLS"})
    void aTrustedServerGetsTheMailOverTls(TlsMode mode) {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with()
                        .tls(org.signupmailer.testing.smtp.TlsMode.valueOf(mode.name()))
                        .user("shop", "s3cret-word")
                        .requireAuth()
                        .start();
                RelaySender sender =
                        RelayBench.of(smtp).user("shop", "s3cret-word").sender()) {
            assertThat(RelayBench.attempt(sender, RelayBench.mail("a")).accepted())
                    .isTrue();
            assertThat(RelayBench.attempt(sender, RelayBench.mail("b")).accepted())
                    .isTrue();

            assertThat(smtp.mails()).allMatch(ReceivedMail::secured).allMatch(mail -> "shop".equals(mail.user()));
            assertThat(smtp.connections()).isOne();
        }
    }

    @Test
    void withoutAnOfferOfStartTlsNothingIsSent() {
        try (ScriptedSmtpServer smtp =
                ScriptedSmtpServer.with().user("shop", "s3cret-word").start()) {
            Attempt attempt = RelayBench.of(smtp.port(), TlsMode.STARTTLS)
                    .user("shop", "s3cret-word")
                    .attempt();

            assertThat(attempt.phase()).isEqualTo(SmtpPhase.TLS);
            assertThat(attempt.detail()).isEqualTo("the relay offers no STARTTLS on port " + smtp.port());
            assertThat(smtp.conversation(1).commands())
                    .allMatch(line -> line.startsWith("EHLO") || line.equals("QUIT"));
        }
    }

    @Test
    void aRefusedStartTlsIsNoReasonToGoOnInPlain() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with()
                .tls(org.signupmailer.testing.smtp.TlsMode.STARTTLS)
                .start()) {
            smtp.on(Phase.STARTTLS).reply(454, "4.7.0 TLS not available");

            Attempt attempt = RelayBench.of(smtp).attempt();

            assertThat(attempt.phase()).isEqualTo(SmtpPhase.TLS);
            assertThat(attempt.reply()).hasToString("454 4.7.0 TLS not available");
            assertThat(smtp.count(Phase.MAIL)).isZero();
        }
    }

    @Test
    void whatIsSentAheadOfTlsIsAnInjectionAndEndsTheConversation() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with()
                .tls(org.signupmailer.testing.smtp.TlsMode.STARTTLS)
                .start()) {
            smtp.on(Phase.STARTTLS).replyRaw("220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n".getBytes(US_ASCII));

            Attempt attempt = RelayBench.of(smtp).attempt();

            assertThat(attempt.phase()).isEqualTo(SmtpPhase.TLS);
            assertThat(attempt.reply()).isNull();
            assertThat(smtp.count(Phase.EHLO)).isOne();
        }
    }

    @Test
    void whatWasOfferedBeforeTlsIsForgotten() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with()
                .tls(org.signupmailer.testing.smtp.TlsMode.STARTTLS)
                .withoutCapability("PIPELINING")
                .start()) {
            smtp.on(Phase.EHLO)
                    .reply(250, "mx", "STARTTLS", "PIPELINING", "AUTH PLAIN")
                    .once();

            Attempt attempt = RelayBench.of(smtp).user("shop", "s3cret-word").attempt();

            assertThat(attempt.phase()).isEqualTo(SmtpPhase.AUTH);
            assertThat(attempt.detail()).contains("offers no AUTH");
        }
    }

    @Test
    void tlsOlderThan12IsRefused() throws Exception {
        ByteArrayOutputStream hello = new ByteArrayOutputStream();
        // A ServerHello that settles on TLS 1.1.
        hello.writeBytes(new byte[] {22, 3, 2, 0, 42, 2, 0, 0, 38, 3, 2});
        hello.writeBytes(new byte[32]);
        hello.writeBytes(new byte[] {0, (byte) 0xc0, 0x13, 0});
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> server = CompletableFuture.runAsync(() -> {
                try (Socket socket = listener.accept()) {
                    InputStream in = socket.getInputStream();
                    in.read(new byte[16]);
                    socket.getOutputStream().write(hello.toByteArray());
                    in.readAllBytes();
                } catch (IOException e) {
                    // The client resets the connection.
                }
            });

            Attempt attempt = RelayBench.of(listener.getLocalPort(), TlsMode.IMPLICIT)
                    .readTimeout(SLACK)
                    .attempt();

            server.get();
            assertThat(attempt.phase()).isEqualTo(SmtpPhase.TLS);
            assertThat(String.valueOf(attempt.detail()).toUpperCase(Locale.ROOT))
                    .containsPattern("TLS.?1\\.?1");
        }
    }

    // ------------------------------------------------------------------ the login

    @ParameterizedTest
    @ValueSource(
            strings = {
                "AUTH PLAIN LOGIN",
                "AUTH LOGIN PLAIN",
                "AUTH LOGIN",
                "AUTH=LOGIN",
                "auth plain",
                "AUTH CRAM-MD5 PLAIN"
            })
    void theLoginTakesTheMechanismThatIsOffered(String offer) {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with()
                .user("\u0430\u043d\u044f@shop.test", "p\u00e4ss \"word\" \u2603")
                .requireAuth()
                .start()) {
            smtp.on(Phase.EHLO).reply(250, "mx", offer);

            Attempt attempt = RelayBench.of(smtp)
                    .user("\u0430\u043d\u044f@shop.test", "p\u00e4ss \"word\" \u2603")
                    .attempt();

            assertThat(attempt.accepted()).isTrue();
            String plain = offer.toUpperCase(Locale.ROOT).contains("PLAIN") ? "AUTH PLAIN" : "AUTH LOGIN";
            assertThat(smtp.conversation(1).commands()).anyMatch(line -> line.startsWith(plain));
        }
    }

    @Test
    void withoutAUserNobodyLogsIn() {
        try (ScriptedSmtpServer smtp =
                ScriptedSmtpServer.with().user("shop", "s3cret-word").start()) {
            assertThat(RelayBench.of(smtp).attempt().accepted()).isTrue();
            assertThat(smtp.count(Phase.AUTH)).isZero();
        }
    }

    @Test
    void otherMechanismsAreNotUsed() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            smtp.on(Phase.EHLO).reply(250, "mx", "AUTH CRAM-MD5 XOAUTH2");

            Attempt attempt = RelayBench.of(smtp).user("shop", "s3cret-word").attempt();

            assertThat(attempt.phase()).isEqualTo(SmtpPhase.AUTH);
            assertThat(attempt.detail()).contains("neither AUTH PLAIN nor LOGIN");
        }
    }

    static Stream<Arguments> refusedLogins() {
        String plain = "AHNob3AAczNjcmV0LXdvcmQ=";
        String login = "czNjcmV0LXdvcmQ=";
        return Stream.of("AUTH PLAIN", "AUTH LOGIN")
                .flatMap(offer -> Stream.of(
                        arguments(offer, 535, "5.7.8 Bad credentials"),
                        arguments(offer, 454, "4.7.0 Temporary authentication failure"),
                        arguments(offer, 500, "5.5.1 Command unrecognized: \"AUTH PLAIN " + plain + "\""),
                        arguments(offer, 501, "5.5.2 can't decode " + login + " at all"),
                        arguments(offer, 535, "5.7.8 S3CRET-WORD is wrong for shop")));
    }

    @ParameterizedTest
    @MethodSource("refusedLogins")
    void aRefusedLoginTellsTheReplyButNeverThePassword(String offer, int code, String text) {
        try (ScriptedSmtpServer smtp =
                        ScriptedSmtpServer.with().user("shop", "other").start();
                RelaySender sender =
                        RelayBench.of(smtp).user("shop", "s3cret-word").sender()) {
            smtp.on(Phase.EHLO).reply(250, "mx", offer);
            smtp.on(Phase.AUTH).reply(code, text);
            OutgoingMail mail = RelayBench.mail("a");

            assertThatThrownBy(() -> sender.send(mail)).satisfies(thrown -> {
                for (Throwable e = thrown; e != null; e = e.getCause()) {
                    assertThat(e.toString().toLowerCase(Locale.ROOT))
                            .doesNotContain("s3cret")
                            .doesNotContain("cznjcmv0lxdvcmq")
                            .doesNotContain("ahnob3a");
                }
            });
            Attempt attempt = mail.attempts().get(0);

            assertThat(attempt.phase()).isEqualTo(SmtpPhase.AUTH);
            assertThat(String.valueOf(attempt.reply())).startsWith(code + " ");
            assertThat(attempt.toString().toLowerCase(Locale.ROOT))
                    .doesNotContain("s3cret")
                    .doesNotContain("cznjcmv0lxdvcmq")
                    .doesNotContain("ahnob3a");
            assertThat(smtp.count(Phase.MAIL)).isZero();
        }
    }

    // ------------------------------------------------------------------ pipelining

    @Test
    void commandsTravelTogetherOnlyWherePipeliningIsOffered() throws Exception {
        for (boolean pipelining : new boolean[] {true, false}) {
            try (ScriptedSmtpServer smtp = server(pipelining);
                    SmtpConnection connection = RelayBench.of(smtp).open()) {
                connection.send("shop@sender.test", FROM_LINE, RelayBench.mail("a"));

                List<String> lines = smtp.conversation(1).lines().stream()
                        .filter(line -> line.contains("MAIL")
                                || line.contains("RCPT")
                                || line.contains("DATA")
                                || line.startsWith("S: 250 2.")
                                || line.startsWith("S: 354"))
                        .toList();
                assertThat(lines).hasSizeGreaterThanOrEqualTo(7);
                assertThat(connection.supports("PIPELINING")).isEqualTo(pipelining);
            }
        }
    }

    @Test
    void aMailRefusedAtMailIsNeverSentEvenIfDataIsAccepted() throws Exception {
        String replies = "220 hi\r\n250-hi\r\n250 PIPELINING\r\n";
        try (OneConversation server = new OneConversation(replies, "550 5.7.1 not you\r\n503 no\r\n354 go on\r\n")) {
            SmtpConnection connection =
                    RelayBench.of(server.port(), TlsMode.NONE).open();

            SmtpFailure failure = catchThrowableOfType(
                    SmtpFailure.class, () -> connection.send("shop@sender.test", FROM_LINE, RelayBench.mail("a")));

            assertThat(failure.phase()).isEqualTo(SmtpPhase.MAIL);
            assertThat(failure.reply()).hasToString("550 5.7.1 not you");
            assertThat(connection.usable()).isFalse();
            connection.close();
            assertThat(server.heard()).endsWith("DATA\r\n");
        }
    }

    @Test
    void aRecipientRefusedBeforeA354IsToldAndNothingIsSent() throws Exception {
        String replies = "220 hi\r\n250-hi\r\n250 PIPELINING\r\n";
        try (OneConversation server = new OneConversation(replies, "250 ok\r\n550 5.1.1 who\r\n354 go on\r\n")) {
            SmtpConnection connection =
                    RelayBench.of(server.port(), TlsMode.NONE).open();

            SmtpFailure failure = catchThrowableOfType(
                    SmtpFailure.class, () -> connection.send("shop@sender.test", FROM_LINE, RelayBench.mail("a")));

            assertThat(failure.phase()).isEqualTo(SmtpPhase.RCPT);
            assertThat(failure.reply()).hasToString("550 5.1.1 who");
            assertThat(connection.usable()).isFalse();
            connection.close();
            assertThat(server.heard()).endsWith("DATA\r\n");
        }
    }

    @Test
    void a421AtMailIsToldAtOnceEvenIfTheServerDoesNotHangUp() throws Exception {
        String replies = "220 hi\r\n250-hi\r\n250 PIPELINING\r\n";
        try (OneConversation server = new OneConversation(replies, "421 4.7.0 enough\r\n");
                SmtpConnection connection =
                        RelayBench.of(server.port(), TlsMode.NONE).open()) {
            long start = System.nanoTime();

            SmtpFailure failure = catchThrowableOfType(
                    SmtpFailure.class, () -> connection.send("shop@sender.test", FROM_LINE, RelayBench.mail("a")));

            assertThat(failure.reply()).hasToString("421 4.7.0 enough");
            assertThat(connection.usable()).isFalse();
            assertThat(since(start)).isLessThan(SLACK);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void afterARefusalTheConnectionServesTheNextMail(boolean pipelining) {
        try (ScriptedSmtpServer smtp = server(pipelining);
                RelaySender sender = RelayBench.of(smtp).sender()) {
            for (Phase phase : new Phase[] {Phase.MAIL, Phase.RCPT, Phase.DATA, Phase.DATA_END}) {
                smtp.on(phase).reply(451, "4.3.0 Busy").once();
            }
            for (int i = 0; i < 4; i++) {
                assertThat(RelayBench.attempt(sender, RelayBench.mail("x" + i)).accepted())
                        .isFalse();
            }

            assertThat(RelayBench.attempt(sender, RelayBench.mail("b")).accepted())
                    .isTrue();
            assertThat(smtp.connections()).isOne();
            assertThat(smtp.acceptedIds()).containsExactly("b");
        }
    }

    // ------------------------------------------------------------------ the mail

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".\r\n",
                ".\r\n.\r\n..\r\n...\r\n",
                ".leading\r\nmiddle.\r\n..two\r\n",
                "last\r\n.\r\n",
                "\r\n\r\n.\r\n\r\n",
                "no line end"
            })
    void whateverTheDotsTheBodyArrivesByteForByte(String body) {
        for (boolean pipelining : new boolean[] {true, false}) {
            try (ScriptedSmtpServer smtp = server(pipelining);
                    RelaySender sender = RelayBench.of(smtp).sender()) {
                OutgoingMail mail = RelayBench.mail("ann@example.com", "a", body);

                assertThat(RelayBench.attempt(sender, mail).accepted()).isTrue();

                String sent = "From: shop@sender.test\r\n" + new String(mail.bytes(), UTF_8);
                assertThat(new String(smtp.mails().get(0).raw(), UTF_8))
                        .isEqualTo(sent.endsWith("\r\n") ? sent : sent + "\r\n");
            }
        }
    }

    @Test
    void smtpUtf8IsAskedForOnlyWhereItIsNeeded() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                RelaySender sender = RelayBench.of(smtp).sender()) {
            assertThat(RelayBench.attempt(sender, RelayBench.mail("a")).accepted())
                    .isTrue();
            assertThat(RelayBench.attempt(
                                    sender, RelayBench.mail("\u043f\u0451\u0442\u0440@example.com", "b", "hi\r\n"))
                            .accepted())
                    .isTrue();

            assertThat(smtp.mails().get(0).mailFromParameters()).isEmpty();
            assertThat(smtp.mails().get(1).mailFromParameters()).containsExactlyInAnyOrder("SMTPUTF8", "BODY=8BITMIME");
            assertThat(smtp.mails().get(1).recipients()).containsExactly("\u043f\u0451\u0442\u0440@example.com");
        }
    }

    @Test
    void anInternationalSenderNeedsSmtpUtf8Too() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SmtpConnection connection = RelayBench.of(smtp).open()) {
            connection.send("\u043b\u0430\u0432\u043a\u0430@sender.test", FROM_LINE, RelayBench.mail("a"));

            assertThat(smtp.mails().get(0).mailFromParameters()).contains("SMTPUTF8");
        }
    }

    @Test
    void anInternationalMailIsNotForcedOnARelayThatDoesNotOfferIt() {
        try (ScriptedSmtpServer smtp =
                        ScriptedSmtpServer.with().withoutCapability("SMTPUTF8").start();
                RelaySender sender = RelayBench.of(smtp).sender()) {
            OutgoingMail mail = RelayBench.mail("\u043f\u0451\u0442\u0440@example.com", "b", "hi\r\n");

            assertThat(RelayBench.attempt(sender, mail).accepted()).isFalse();
            assertThat(smtp.count(Phase.MAIL)).isZero();
            assertThat(RelayBench.attempt(sender, RelayBench.mail("a")).accepted())
                    .isTrue();
            assertThat(smtp.connections()).isOne();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann@example.com>\r\nRCPT TO:<eve@example.com",
                "ann@example.com> NOTIFY=NEVER",
                "ann@example.com\nDATA",
                "ann@example.com\rDATA",
                "ann @example.com",
                "<ann@example.com",
                "ann@example.com>",
                "ann\u0000@example.com",
                "ann\u0085@example.com",
                "ann\t@example.com"
            })
    void anAddressCannotSmuggleACommandIn(String address) throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SmtpConnection connection = RelayBench.of(smtp).open()) {
            assertThatThrownBy(() ->
                            connection.send("shop@sender.test", FROM_LINE, RelayBench.mail(address, "a", "hi\r\n")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageNotContaining("ann");
            assertThatThrownBy(() -> connection.send(address, FROM_LINE, RelayBench.mail("a")))
                    .isInstanceOf(IllegalArgumentException.class);

            assertThat(smtp.count(Phase.MAIL)).isZero();
        }
    }

    // ------------------------------------------------------------------ the end

    @ParameterizedTest
    @EnumSource(TlsMode.class)
    void closingSaysQuitAndDoesNotWaitForAnAnswer(TlsMode mode) throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with()
                .tls(org.signupmailer.testing.smtp.TlsMode.valueOf(mode.name()))
                .start()) {
            smtp.on(Phase.QUIT).staySilent();
            SmtpConnection connection = RelayBench.of(smtp).open();
            long start = System.nanoTime();

            connection.close();

            assertThat(since(start)).isLessThan(Duration.ofSeconds(3));
            await().until(() -> smtp.count(Phase.QUIT) == 1);
        }
    }

    private static ScriptedSmtpServer server(boolean pipelining) {
        return pipelining
                ? ScriptedSmtpServer.start()
                : ScriptedSmtpServer.with().withoutCapability("PIPELINING").start();
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** A port whose queue of connections is full: what asks for one more gets no answer. */
    static final class BlackHole implements AutoCloseable {

        private final ServerSocket listener = new ServerSocket();
        private final List<Socket> queue = new ArrayList<>();

        BlackHole() throws IOException {
            listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
            while (true) {
                Socket socket = new Socket();
                queue.add(socket);
                try {
                    socket.connect(listener.getLocalSocketAddress(), 300);
                } catch (SocketTimeoutException e) {
                    return;
                }
                assertThat(queue).as("connections in a queue of 1").hasSizeLessThan(100);
            }
        }

        int port() {
            return listener.getLocalPort();
        }

        @Override
        public void close() throws IOException {
            for (Socket socket : queue) {
                socket.close();
            }
            listener.close();
        }
    }

    /** Says the first text, waits for DATA, says the second, and then listens. */
    static final class OneConversation implements AutoCloseable {

        private final ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private final Thread thread;

        OneConversation(String first, String afterData) throws IOException {
            thread = new Thread(() -> {
                try (Socket socket = listener.accept()) {
                    socket.getOutputStream().write(first.getBytes(US_ASCII));
                    boolean answered = false;
                    for (int b = socket.getInputStream().read();
                            b >= 0;
                            b = socket.getInputStream().read()) {
                        heard.write(b);
                        if (!answered && heard.toString(US_ASCII).endsWith("DATA\r\n")) {
                            answered = true;
                            socket.getOutputStream().write(afterData.getBytes(US_ASCII));
                        }
                    }
                } catch (IOException e) {
                    // The client is gone.
                }
            });
            thread.start();
        }

        int port() {
            return listener.getLocalPort();
        }

        /** Everything that was heard until the client hung up. */
        String heard() throws InterruptedException {
            thread.join();
            return heard.toString(US_ASCII);
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }
}
