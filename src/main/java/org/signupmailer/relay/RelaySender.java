package org.signupmailer.relay;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.camel.component.mail.DefaultJavaMailSender;
import org.jspecify.annotations.Nullable;

/**
 * Hands mails to one relay: what {@code smtp:} endpoints in the routes send through. Makes each outcome an attempt in
 * the mail's story and an exception that says what comes next: {@link RelayFailure} the next relay, {@link MailRefused}
 * the dead letter. Which relay is next is not its business.
 */
final class RelaySender extends DefaultJavaMailSender implements AutoCloseable {

    private final Relay relay;
    private final SmtpConnectionPool pool;
    private final RelayGate gate;
    private final LastOutcome last = new LastOutcome();
    private final FailureClassifier classifier;
    private final UncertainMail uncertain;
    private final RelayMeters meters;
    private final Clock clock;
    private final String from;
    private final byte[] fromLine;

    RelaySender(
            Relay relay,
            TlsSockets tls,
            SmtpLoop loop,
            FailureClassifier classifier,
            UncertainMail uncertain,
            RelayMeters meters,
            Clock clock,
            ScheduledExecutorService scheduler,
            Runnable whenAvailable,
            Duration slow) {
        this.relay = relay;
        this.classifier = classifier;
        this.uncertain = uncertain;
        this.meters = meters;
        this.clock = clock;
        this.from = SenderAddress.onTheWire(relay.from());
        this.fromLine = fromLine(from, relay.fromName());
        ProbingGate probing = new ProbingGate(whenAvailable);
        this.gate = new RelayGate(relay.name(), clock, probing, slow);
        this.pool = new SmtpConnectionPool(relay, tls, loop, gate::available);
        probing.probe = new RelayProbe(scheduler, pool, this::judge);
        meters.watch(relay.name(), pool, gate);
    }

    private Verdict judge(SmtpFailure failure) {
        Verdict verdict = classifier.classify(relay.preset(), failure.phase(), failure.reply());
        last.failed(clock.instant(), failure, verdict);
        return verdict;
    }

    RelayControl control() {
        return new RelayControl(relay, gate, pool, last);
    }

    RelayGate gate() {
        return gate;
    }

    static byte[] fromLine(String address, @Nullable String name) {
        try {
            InternetAddress from = new InternetAddress(address, name, "UTF-8");
            return ("From: " + from + "\r\n").getBytes(StandardCharsets.UTF_8);
        } catch (UnsupportedEncodingException e) {
            throw new IllegalStateException("Java always has UTF-8", e);
        }
    }

    @Override
    public void send(MimeMessage message) throws MessagingException {
        CompletableFuture<Optional<MessagingException>> outcome = new CompletableFuture<>();
        // This thread waits, so no other one is needed to go on.
        hand(message, Onward.AT_ONCE, failure -> outcome.complete(Optional.ofNullable(failure)));
        // It comes: each step of a conversation has its time. An interrupt can't take back what is being said.
        Optional<MessagingException> failure = outcome.join();
        if (failure.isPresent()) {
            throw failure.get();
        }
    }

    /**
     * Hands a mail over, and does not wait for what comes of it.
     *
     * @param done gets null when the relay accepted the mail, and otherwise what {@link #send} would throw. It is called by
     *     a thread that {@linkplain OutgoingMail#goesOn the mail goes on with}, or by this one
     */
    void hand(MimeMessage message, Consumer<@Nullable MessagingException> done) {
        hand(message, message instanceof OutgoingMail mail ? mail.onward() : Onward.AT_ONCE, done);
    }

    private void hand(MimeMessage message, Onward onward, Consumer<@Nullable MessagingException> done) {
        if (!(message instanceof OutgoingMail mail)) {
            done.accept(new MessagingException("Relay \"" + relay.name()
                    + "\" got a mail that the step \"render\" did not make; put that step before it."));
            return;
        }
        if (!gate.tryEnter()) {
            done.accept(new RelayFailure(relay.name(), "Relay \"" + relay.name() + "\" is left alone for now"));
            return;
        }
        new Conversation(mail, onward, done).begin();
    }

    private static @Nullable String lastFailed(OutgoingMail mail) {
        List<Attempt> attempts = mail.attempts();
        return attempts.isEmpty() ? null : attempts.get(attempts.size() - 1).relay();
    }

    @Override
    public void close() {
        pool.close();
    }

    /** Lets a probe run while the gate is closed. */
    private final class ProbingGate implements RelayGate.Listener {

        private final Runnable whenAvailable;
        private @Nullable RelayProbe probe;

        private ProbingGate(Runnable whenAvailable) {
            this.whenAvailable = whenAvailable;
        }

        @Override
        public void opened() {
            RelayProbe probing = probe;
            if (probing != null) {
                probing.begin(gate);
            }
        }

        @Override
        public void available() {
            RelayProbe probing = probe;
            if (probing != null) {
                probing.settle(gate);
            }
            whenAvailable.run();
        }
    }

    /** One attempt at one mail; remembers which port was spoken to. */
    private final class Conversation implements SmtpConnectionPool.Borrower {

        private final OutgoingMail mail;
        private final Onward onward;
        private final Consumer<@Nullable MessagingException> done;
        private final Instant at = clock.instant();
        private final long start = System.nanoTime();
        private PortChoice port = relay.ports().get(0);
        private long heldUp;
        private boolean plainly;
        // Until the relay was through with it, whenever that is told.
        private long took;

        private Conversation(OutgoingMail mail, Onward onward, Consumer<@Nullable MessagingException> done) {
            this.mail = mail;
            this.onward = onward;
            this.done = done;
        }

        void begin() {
            if (plainly) {
                pool.lendPlainly(mail, this);
            } else {
                pool.lend(mail, this);
            }
        }

        @Override
        public void lent(SmtpConnection connection) {
            if (onward.isCalledOff()) {
                // Not here and now: the next one in line may be called off, too, and the one behind it.
                pool.soon(() -> {
                    if (connection.expects(mail)) {
                        pool.drop(connection);
                    } else {
                        pool.giveBack(connection);
                    }
                });
                failed(SmtpFailure.notTried("signup-mailer is stopping", null), () -> {});
                return;
            }
            port = connection.port();
            heldUp += connection.place().heldUp();
            boolean reused = connection.mails() > 0;
            boolean ahead = connection.expects(mail);
            MailTurn turn = new MailTurn(connection, from, fromLine, mail);
            connection.take(turn, () -> over(connection, turn, reused, ahead));
        }

        private void over(SmtpConnection connection, MailTurn turn, boolean reused, boolean ahead) {
            SmtpReply answer;
            try {
                answer = turn.accepted();
            } catch (SmtpFailure e) {
                if (ahead && e.phase() == SmtpPhase.MAIL) {
                    // It may have been the being ahead that was not liked; the mail itself was not judged yet.
                    pool.ahead().failed();
                    plainly = true;
                    soonAgain(connection);
                } else if (reused && wasClosedWhileIdle(connection, e)) {
                    soonAgain(connection);
                } else {
                    // The gate learns it first: whoever gets the place is to find it closed, if that is what follows.
                    goOn(() -> refused(e), () -> pool.giveBack(connection));
                }
                return;
            } catch (RuntimeException e) {
                goOn(() -> mistaken(e), () -> pool.drop(connection));
                return;
            }
            if (ahead) {
                pool.ahead().worked();
            }
            if (connection.expectsAnother() && !connection.usable()) {
                // It hung up behind this mail, though the next one's envelope was there.
                pool.ahead().failed();
            }
            mail.accepted(pool.giveBackButHold(connection));
            goOn(() -> accepted(answer), () -> {});
        }

        // Not here: the next idle one may be as dead, and the one behind it, whoever gets this place.
        private void soonAgain(SmtpConnection connection) {
            pool.soon(() -> {
                pool.giveBack(connection);
                begin();
            });
        }

        @Override
        public void failed(SmtpFailure failure, Runnable letNext) {
            goOn(() -> refused(failure), letNext);
        }

        /** What comes of the attempt once it is told to whom it matters. */
        private interface Ending {
            @Nullable
            MessagingException told();
        }

        private void goOn(Ending ending, Runnable afterwards) {
            took = System.nanoTime() - start;
            onward.execute(() -> {
                MessagingException failure;
                try {
                    failure = ending.told();
                } catch (RuntimeException | Error e) {
                    failure = notTold(e);
                }
                try {
                    afterwards.run();
                } catch (RuntimeException | Error e) {
                    failure = failure == null ? null : notTold(e);
                }
                done.accept(failure);
            });
        }

        // The mail may be out all the same; its attempts know.
        private MessagingException notTold(Throwable why) {
            MessagingException failure = new MessagingException(
                    "What relay \"" + relay.name() + "\" said could not be told in full: " + why);
            failure.initCause(why);
            return failure;
        }

        private @Nullable MessagingException accepted(SmtpReply reply) {
            meters.failover(lastFailed(mail), relay.name());
            mail.add(attempt(SmtpPhase.FINAL_DOT, reply, null, null));
            gate.accepted(took());
            meters.accepted(relay.name());
            last.accepted(clock.instant());
            return null;
        }

        private MessagingException mistaken(RuntimeException e) {
            gate.notBlamed();
            return new MessagingException("Relay \"" + relay.name() + "\" was not asked: " + e, e);
        }

        private MessagingException refused(SmtpFailure failure) {
            if (failure.blame() == SmtpFailure.Blame.NOT_TRIED) {
                gate.notBlamed();
                return new RelayFailure(
                        relay.name(), "Relay \"" + relay.name() + "\" was not asked: " + failure.getMessage());
            }
            meters.failover(lastFailed(mail), relay.name());
            Verdict verdict = judge(failure);
            FailureClass kind = verdict.failureClass();
            String detail = failure.reply() == null ? failure.getMessage() : verdict.explanation();
            mail.add(attempt(failure.phase(), failure.reply(), kind, detail));
            if (failure.blame() == SmtpFailure.Blame.NOBODY) {
                gate.notBlamed();
            } else {
                gate.failed(failure.phase(), failure.reply() != null, verdict, took());
            }
            meters.failed(relay.name(), kind);
            String story =
                    "Relay \"" + relay.name() + "\" failed " + failure.phase().words() + ": "
                            + (failure.reply() == null
                                    ? failure.getMessage()
                                    : failure.reply().masked());
            if (kind == FailureClass.RECIPIENT
                    || kind == FailureClass.MESSAGE
                    || (kind == FailureClass.UNCERTAIN && uncertain == UncertainMail.DEAD_LETTER)) {
                return new MailRefused(kind, story);
            }
            return new RelayFailure(relay.name(), story);
        }

        // With Kafka away all mails wait for those that are accepted and not recorded: no fault of the relay.
        private Duration took() {
            return Duration.ofNanos(took - heldUp);
        }

        // Found out by the first command: nothing of this mail was taken by anyone, and a fresh connection may work.
        private boolean wasClosedWhileIdle(SmtpConnection connection, SmtpFailure failure) {
            SmtpReply reply = failure.reply();
            return failure.phase() == SmtpPhase.MAIL
                    && failure.blame() == SmtpFailure.Blame.RELAY
                    && !connection.usable()
                    && !connection.fellSilent()
                    && (reply == null || reply.code() == 421);
        }

        private Attempt attempt(
                SmtpPhase phase, @Nullable SmtpReply reply, @Nullable FailureClass kind, @Nullable String detail) {
            long millis = TimeUnit.NANOSECONDS.toMillis(took);
            return new Attempt(relay.name(), relay.host(), port.port(), phase, reply, kind, detail, at, millis);
        }
    }
}
