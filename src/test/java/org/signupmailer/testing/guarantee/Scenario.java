package org.signupmailer.testing.guarantee;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.awaitility.Awaitility;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/**
 * Keeps what is published and what becomes of it while a test makes things go wrong, to hold the outcome against
 * guarantees afterwards:
 *
 * <pre>{@code
 * Scenario scenario = Scenario.with(mailer, first, second);
 * scenario.publish(TestEvents.verificationCode());
 * first.stop();
 * scenario.awaitEnds().upholds(new EveryEventHasAnEnd(), new NoMailTwice());
 * }</pre>
 *
 * <p>To be made before anything is mailed. Safe for use by many threads.
 */
public final class Scenario {

    private final List<ScriptedSmtpServer> relays;
    private final List<Published> published = Collections.synchronizedList(new ArrayList<>());
    private final List<Mailed> mails = Collections.synchronizedList(new ArrayList<>());
    private final SignupMailer mailer;

    private Scenario(SignupMailer mailer, List<ScriptedSmtpServer> relays) {
        this.mailer = mailer;
        this.relays = List.copyOf(relays);
        int number = 0;
        for (ScriptedSmtpServer relay : relays) {
            String name = "relay " + ++number;
            relay.onMail(mail -> {
                String id = mail.eventId();
                mails.add(new Mailed(id == null ? "" : id, name, mail.receivedAt()));
            });
        }
    }

    /** All relays that the application knows have to be named. */
    public static Scenario with(SignupMailer mailer, ScriptedSmtpServer... relays) {
        return new Scenario(mailer, List.of(relays));
    }

    /** Publishes to the application's topic and keeps the id. */
    public TestEvent publish(TestEvent event) {
        published(event);
        return mailer.publish(event);
    }

    /** Keeps the id of an event that somebody else publishes. */
    public void published(TestEvent event) {
        published.add(new Published(event.id(), event.expiresAt()));
    }

    /** Waits until every event has an end, as long as anything is expected to take. */
    public Outcome awaitEnds() {
        return awaitEnds(SignupMailer.PATIENCE);
    }

    /** Waits until every event has an end; if some never have, the outcome shows it. */
    public Outcome awaitEnds(Duration atMost) {
        EveryEventHasAnEnd ends = new EveryEventHasAnEnd();
        long deadline = System.nanoTime() + atMost.toNanos();
        Awaitility.await("every event has an end")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .atMost(atMost.plusSeconds(10))
                .until(() ->
                        System.nanoTime() > deadline || ends.breachesIn(soFar()).isEmpty());
        return outcome();
    }

    /** What has become of it by now. */
    public Outcome outcome() {
        // A server tells of a mail a moment after it has counted it.
        Awaitility.await("all mails are told of")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(SignupMailer.PATIENCE)
                .until(() -> mails.size()
                        >= relays.stream()
                                .mapToInt(ScriptedSmtpServer::mailCount)
                                .sum());
        return soFar();
    }

    private Outcome soFar() {
        synchronized (published) {
            synchronized (mails) {
                return new Outcome(published, mails, mailer.deadLetters());
            }
        }
    }
}
