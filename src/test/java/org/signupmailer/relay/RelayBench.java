package org.signupmailer.relay;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import jakarta.mail.MessagingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.signupmailer.testing.smtp.TestCertificates;

/** Relays, connections, senders and mails to try on scripted servers. Each method answers a changed copy. */
record RelayBench(
        List<PortChoice> ports,
        @Nullable String user,
        @Nullable String password,
        String from,
        ConnectionLimits limits,
        TlsSockets tls) {

    static final Duration LONG = Duration.ofSeconds(20);
    private static final ScheduledExecutorService PROBES = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "probes");
        thread.setDaemon(true);
        return thread;
    });
    static final SmtpLoop LOOP = new SmtpLoop();
    private static final FailureClassifier CLASSIFIER = new FailureClassifier(ProviderPresets.load(), null);

    static RelayBench of(ScriptedSmtpServer server) {
        return of(server.port(), TlsMode.valueOf(server.tlsMode().name()));
    }

    static RelayBench of(int port, TlsMode mode) {
        return new RelayBench(
                List.of(new PortChoice(port, mode)),
                null,
                null,
                "shop@sender.test",
                new ConnectionLimits(4, 100, LONG, Duration.ofMinutes(10), LONG, LONG),
                new TlsSockets(TestCertificates.clientContext()));
    }

    RelayBench plainPorts(int... numbers) {
        return new RelayBench(
                IntStream.of(numbers)
                        .mapToObj(number -> new PortChoice(number, TlsMode.NONE))
                        .toList(),
                user,
                password,
                from,
                limits,
                tls);
    }

    RelayBench user(String name, String secret) {
        return new RelayBench(ports, name, secret, from, limits, tls);
    }

    RelayBench from(String address) {
        return new RelayBench(ports, user, password, address, limits, tls);
    }

    RelayBench trust(TlsSockets other) {
        return new RelayBench(ports, user, password, from, limits, other);
    }

    RelayBench connections(int most) {
        return limits(new ConnectionLimits(
                most,
                limits.mailsPerConnection(),
                limits.idle(),
                limits.maxAge(),
                limits.connectTimeout(),
                limits.readTimeout()));
    }

    RelayBench mailsPerConnection(int most) {
        return limits(new ConnectionLimits(
                limits.maxConnections(),
                most,
                limits.idle(),
                limits.maxAge(),
                limits.connectTimeout(),
                limits.readTimeout()));
    }

    RelayBench idle(Duration time) {
        return limits(new ConnectionLimits(
                limits.maxConnections(),
                limits.mailsPerConnection(),
                time,
                limits.maxAge(),
                limits.connectTimeout(),
                limits.readTimeout()));
    }

    RelayBench maxAge(Duration time) {
        return limits(new ConnectionLimits(
                limits.maxConnections(),
                limits.mailsPerConnection(),
                limits.idle(),
                time,
                limits.connectTimeout(),
                limits.readTimeout()));
    }

    RelayBench connectTimeout(Duration time) {
        return limits(new ConnectionLimits(
                limits.maxConnections(),
                limits.mailsPerConnection(),
                limits.idle(),
                limits.maxAge(),
                time,
                limits.readTimeout()));
    }

    RelayBench readTimeout(Duration time) {
        return limits(new ConnectionLimits(
                limits.maxConnections(),
                limits.mailsPerConnection(),
                limits.idle(),
                limits.maxAge(),
                limits.connectTimeout(),
                time));
    }

    private RelayBench limits(ConnectionLimits other) {
        return new RelayBench(ports, user, password, from, other, tls);
    }

    Relay relay() {
        return new Relay(
                "primary",
                "127.0.0.1",
                ports,
                user,
                password == null ? null : new Secret(password),
                from,
                null,
                null,
                limits);
    }

    SmtpConnection open() throws SmtpFailure {
        return SmtpConnection.open(relay(), ports.get(0), limits.connectTimeout(), tls);
    }

    SmtpConnectionPool pool() {
        return pool(LOOP);
    }

    /** With a loop of its own. */
    SmtpConnectionPool pool(SmtpLoop loop) {
        return new SmtpConnectionPool(relay(), tls, loop, () -> true);
    }

    /** A connection of the pool's that is lent; comes when there is one. */
    static CompletableFuture<SmtpConnection> lent(SmtpConnectionPool pool, OutgoingMail mail) {
        CompletableFuture<SmtpConnection> lent = new CompletableFuture<>();
        pool.lend(mail, new SmtpConnectionPool.Borrower() {
            @Override
            public void lent(SmtpConnection connection) {
                lent.complete(connection);
            }

            @Override
            public void failed(SmtpFailure failure, Runnable letNext) {
                letNext.run();
                lent.completeExceptionally(failure);
            }
        });
        return lent;
    }

    /** Waits for a connection of the pool's. */
    static SmtpConnection borrow(SmtpConnectionPool pool, OutgoingMail mail) throws SmtpFailure {
        try {
            return lent(pool, mail).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof SmtpFailure failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Sends a mail over a connection that was lent, and waits for what comes of it. */
    static SmtpReply send(SmtpConnection connection, OutgoingMail mail) throws SmtpFailure {
        MailTurn turn = new MailTurn(
                connection, "shop@sender.test", "From: shop@sender.test\r\n".getBytes(StandardCharsets.US_ASCII), mail);
        CompletableFuture<Void> over = new CompletableFuture<>();
        connection.take(turn, () -> over.complete(null));
        over.join();
        return turn.accepted();
    }

    RelaySender sender() {
        return sender(RelayGate.SLOW);
    }

    /** With another idea of what is slow. */
    RelaySender sender(Duration slow) {
        return sender(LOOP, slow);
    }

    /** With a loop of its own. */
    RelaySender sender(SmtpLoop loop) {
        return sender(loop, RelayGate.SLOW);
    }

    private RelaySender sender(SmtpLoop loop, Duration slow) {
        return new RelaySender(
                relay(),
                tls,
                loop,
                CLASSIFIER,
                UncertainMail.RESEND,
                new RelayMeters(new SimpleMeterRegistry()),
                Clock.systemUTC(),
                PROBES,
                () -> {},
                slow);
    }

    /** What came of one mail over a connection of its own. */
    Attempt attempt() {
        try (RelaySender sender = sender()) {
            return attempt(sender, mail("one"));
        }
    }

    /** The last attempt at this mail after the sender has had it. */
    static Attempt attempt(RelaySender sender, OutgoingMail mail) {
        try {
            sender.send(mail);
        } catch (MessagingException e) {
            // The attempt tells it.
        }
        List<Attempt> attempts = mail.attempts();
        return attempts.get(attempts.size() - 1);
    }

    static OutgoingMail mail(String id) {
        return mail("ann@example.com", id, "Good morning\r\n");
    }

    static OutgoingMail mail(String recipient, String id, String body) {
        String content = "X-Event-Id: " + id + "\r\nSubject: hello\r\n\r\n" + body;
        boolean international = recipient.chars().anyMatch(c -> c > 127);
        return new OutgoingMail(
                recipient, "<" + id + "@sender.test>", content.getBytes(StandardCharsets.UTF_8), international);
    }
}
