package org.signupmailer.faults;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.signupmailer.testing.Setup;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.guarantee.EndIsRecorded;
import org.signupmailer.testing.guarantee.EveryEventHasAnEnd;
import org.signupmailer.testing.guarantee.Guarantee;
import org.signupmailer.testing.guarantee.Mailed;
import org.signupmailer.testing.guarantee.NoDeadLetterWithoutReason;
import org.signupmailer.testing.guarantee.NoEventEndsTwice;
import org.signupmailer.testing.guarantee.NoMailAfterExpiry;
import org.signupmailer.testing.guarantee.NoMailOutOfNothing;
import org.signupmailer.testing.guarantee.NoMailTwice;
import org.signupmailer.testing.guarantee.OffsetsBehindEnds;
import org.signupmailer.testing.guarantee.Outcome;
import org.signupmailer.testing.guarantee.Scenario;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/**
 * One application under a steady load while something goes wrong. Waits are short (retries after 1, 2 and 3 s), since
 * what is tested does not depend on their length.
 */
final class Trial implements AutoCloseable {

    /** How long an event of these tests may take to end, whatever went wrong with it before. */
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final List<String> DELAYS = List.of("1s", "2s", "3s");
    private static final Duration LIFE = Duration.ofMinutes(10);

    private final SignupMailer mailer;
    private final Scenario scenario;
    private final Map<String, Instant> publishedAt = new ConcurrentHashMap<>();

    private Trial(SignupMailer mailer, ScriptedSmtpServer... relays) {
        this.mailer = mailer;
        this.scenario = Scenario.with(mailer, relays);
    }

    /** An application with these relays in this order that reads already. */
    static Trial of(UnaryOperator<Setup> more, ScriptedSmtpServer... relays) {
        Setup setup = SignupMailer.with()
                .with("MAILER_RETRY_DELAYS", String.join(",", DELAYS))
                .with("MAILER_KAFKA_LEDGER_TOPIC", "deliveries-" + UUID.randomUUID());
        for (ScriptedSmtpServer relay : relays) {
            setup.relay(relay);
        }
        SignupMailer mailer = more.apply(setup).start();
        try {
            awaitReading(mailer);
            return new Trial(mailer, relays);
        } catch (RuntimeException | Error e) {
            mailer.close();
            throw e;
        }
    }

    // Many applications start at once here, on a machine that may have other work to do.
    static void awaitReading(SignupMailer mailer) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                mailer.awaitReading();
                return;
            } catch (ConditionTimeoutException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    SignupMailer mailer() {
        return mailer;
    }

    Scenario scenario() {
        return scenario;
    }

    String ledgerTopic() {
        return mailer.setting("MAILER_KAFKA_LEDGER_TOPIC");
    }

    TestEvent publish(TestEvent event) {
        publishedAt.putIfAbsent(event.id(), Instant.now());
        return scenario.publish(event);
    }

    /** Publishes codes for as many people, spread over this time. */
    List<TestEvent> load(int events, Duration over) {
        List<TestEvent> published = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < events; i++) {
            long due = start + over.toNanos() * i / events;
            pass(Duration.ofNanos(due - System.nanoTime()));
            published.add(publish(TestEvents.verificationCode().expiresIn(LIFE)));
        }
        return published;
    }

    /** Keeps what is committed at this moment, to be held against what ended. */
    void takeStock() {
        OffsetsBehindEnds now = offsetsBehindEnds();
        scenario.outcome().upholds(now);
    }

    Outcome awaitEnds() {
        return scenario.awaitEnds(PATIENCE);
    }

    /** Waits for all ends, holds everything against the guarantees, and writes the row of the table. */
    Outcome conclude(String order, String name, String done, NoMailTwice twice, String leftOut) {
        Outcome outcome = awaitEnds();
        List<Guarantee> guarantees = new ArrayList<>(List.of(
                new EveryEventHasAnEnd(),
                twice,
                new NoEventEndsTwice(),
                new NoMailAfterExpiry(),
                new NoMailOutOfNothing(),
                new NoDeadLetterWithoutReason(),
                new EndIsRecorded(mailer.kafka(), ledgerTopic()),
                offsetsBehindEnds()));
        outcome.upholds(guarantees.toArray(Guarantee[]::new));
        // A mail that was sent twice may have been on its way when the last event ended.
        Outcome last = scenario.outcome().upholds(twice);
        FaultMatrix.add(new FaultReport(order, name, done, last, retried(), slowest(last), guarantees, leftOut));
        return last;
    }

    private OffsetsBehindEnds offsetsBehindEnds() {
        return new OffsetsBehindEnds(mailer.kafka(), mailer.group(), mailer.topic(), retryTopics());
    }

    private List<String> retryTopics() {
        return DELAYS.stream().map(delay -> mailer.topic() + ".retry-" + delay).toList();
    }

    /** How many records the retry topics have had. */
    int retried() {
        return retryTopics().stream()
                .mapToInt(topic -> mailer.kafka().records(topic).size())
                .sum();
    }

    /** Whether the application leaves these relays alone. */
    boolean leavesAlone(String... relays) {
        return Stream.of(relays)
                .allMatch(relay -> mailer.registry()
                                .get("signup.mailer.relay.available")
                                .tag("relay", relay)
                                .gauge()
                                .value()
                        == 0);
    }

    /** Lets time pass, where time itself is the fault. */
    static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** From publishing to a relay's acceptance, in milliseconds. */
    long slowest(Outcome outcome) {
        return outcome.mails().stream()
                .filter(mail -> publishedAt.containsKey(mail.id()))
                .mapToLong(mail ->
                        Duration.between(publishedAt.get(mail.id()), mail.at()).toMillis())
                .max()
                .orElse(0);
    }

    /** How many were accepted later than that after they had been published. */
    long slowerThan(Duration limit, Outcome outcome) {
        return outcome.mails().stream()
                .filter(mail -> publishedAt.containsKey(mail.id()))
                .filter(mail ->
                        Duration.between(publishedAt.get(mail.id()), mail.at()).compareTo(limit) > 0)
                .count();
    }

    /** How many of these the relay took. */
    static long takenBy(String relay, List<TestEvent> events, Outcome outcome) {
        Set<String> ids = events.stream().map(TestEvent::id).collect(Collectors.toSet());
        return outcome.mails().stream()
                .filter(mail -> mail.relay().equals(relay))
                .map(Mailed::id)
                .filter(ids::contains)
                .distinct()
                .count();
    }

    @Override
    public void close() {
        mailer.close();
    }
}
