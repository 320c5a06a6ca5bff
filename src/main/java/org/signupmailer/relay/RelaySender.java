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
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
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
        this.pool = new SmtpConnectionPool(relay, tls, gate::available);
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
        if (!(message instanceof OutgoingMail mail)) {
            throw new MessagingException("Relay \"" + relay.name()
                    + "\" got a mail that the step \"render\" did not make; put that step before it.");
        }
        if (!gate.tryEnter()) {
            throw new RelayFailure(relay.name(), "Relay \"" + relay.name() + "\" is left alone for now");
        }
        boolean told = false;
        try {
            hand(mail);
            told = true;
        } catch (RelayFailure | MailRefused e) {
            told = true;
            throw e;
        } finally {
            if (!told) {
                gate.notBlamed();
            }
        }
    }

    private void hand(OutgoingMail mail) throws RelayFailure, MailRefused {
        Instant at = clock.instant();
        long start = System.nanoTime();
        Conversation conversation = new Conversation();
        try {
            SmtpReply reply = conversation.hold(mail);
            meters.failover(lastFailed(mail), relay.name());
            mail.add(conversation.attempt(SmtpPhase.FINAL_DOT, reply, null, null, at, start));
            gate.accepted(conversation.took(start));
            meters.accepted(relay.name());
            last.accepted(clock.instant());
        } catch (SmtpFailure failure) {
            if (failure.blame() == SmtpFailure.Blame.NOT_TRIED) {
                gate.notBlamed();
                throw new RelayFailure(
                        relay.name(), "Relay \"" + relay.name() + "\" was not asked: " + failure.getMessage());
            }
            meters.failover(lastFailed(mail), relay.name());
            Verdict verdict = judge(failure);
            FailureClass kind = verdict.failureClass();
            String detail = failure.reply() == null ? failure.getMessage() : verdict.explanation();
            mail.add(conversation.attempt(failure.phase(), failure.reply(), kind, detail, at, start));
            if (failure.blame() == SmtpFailure.Blame.NOBODY) {
                gate.notBlamed();
            } else {
                gate.failed(failure.phase(), failure.reply() != null, verdict, conversation.took(start));
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
                throw new MailRefused(kind, story);
            }
            throw new RelayFailure(relay.name(), story);
        }
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
    private final class Conversation {

        private PortChoice port = relay.ports().get(0);
        private long heldUp;

        SmtpReply hold(OutgoingMail mail) throws SmtpFailure {
            boolean plainly = false;
            while (true) {
                SmtpConnection connection = plainly ? pool.borrowPlainly(mail) : pool.borrow(mail);
                port = connection.port();
                heldUp += connection.place().heldUp();
                boolean reused = connection.mails() > 0;
                boolean ahead = connection.expects(mail);
                try {
                    SmtpReply reply = connection.send(from, fromLine, mail);
                    if (ahead) {
                        pool.ahead().worked();
                    }
                    mail.accepted(pool.giveBackButHold(connection));
                    return reply;
                } catch (SmtpFailure e) {
                    pool.giveBack(connection);
                    if (ahead && e.phase() == SmtpPhase.MAIL) {
                        // It may have been the being ahead that was not liked; the mail itself was not judged yet.
                        pool.ahead().failed();
                        plainly = true;
                        continue;
                    }
                    if (reused && wasClosedWhileIdle(connection, e)) {
                        continue;
                    }
                    throw e;
                } catch (RuntimeException | Error e) {
                    pool.drop(connection);
                    throw e;
                }
            }
        }

        // With Kafka away all mails wait for those that are accepted and not recorded: no fault of the relay.
        Duration took(long start) {
            return Duration.ofNanos(System.nanoTime() - start - heldUp);
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

        Attempt attempt(
                SmtpPhase phase,
                @Nullable SmtpReply reply,
                @Nullable FailureClass kind,
                @Nullable String detail,
                Instant at,
                long start) {
            long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            return new Attempt(relay.name(), relay.host(), port.port(), phase, reply, kind, detail, at, millis);
        }
    }
}
