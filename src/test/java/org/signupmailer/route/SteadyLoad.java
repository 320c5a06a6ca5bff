package org.signupmailer.route;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.guarantee.Mailed;
import org.signupmailer.testing.guarantee.Outcome;
import org.signupmailer.testing.guarantee.Scenario;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** Publishes 50 events a second, and knows afterwards how late each mail was, and for how long the machine stood still. */
final class SteadyLoad implements AutoCloseable {

    private static final Duration EACH = Duration.ofMillis(20);

    private static final int WARM = 150;

    private final Instant began;
    private final Scenario scenario;
    private final Map<String, Instant> published = new ConcurrentHashMap<>();
    private final ScheduledExecutorService publisher = Executors.newSingleThreadScheduledExecutor();
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor();
    private final AtomicLong lastBeat = new AtomicLong(System.nanoTime());
    private final AtomicLong longestPause = new AtomicLong();

    SteadyLoad(SignupMailer mailer, ScriptedSmtpServer... relays) {
        scenario = Scenario.with(mailer, relays);
        ScheduledFuture<?> beats = heart.scheduleAtFixedRate(this::beat, 0, 10, TimeUnit.MILLISECONDS);
        ScheduledFuture<?> events =
                publisher.scheduleAtFixedRate(this::publish, 0, EACH.toMillis(), TimeUnit.MILLISECONDS);
        if (beats.isCancelled() || events.isCancelled()) {
            throw new IllegalStateException("The load did not begin");
        }
        // The first mails of a process are slow: classes are loaded, connections opened.
        Awaitility.await("the first mails")
                .atMost(SignupMailer.PATIENCE)
                .until(() -> scenario.outcome().mails().size() >= WARM);
        began = Instant.now();
        longestPause.set(0);
    }

    private void publish() {
        TestEvent event = scenario.publish(TestEvents.verificationCode());
        published.put(event.id(), Instant.now());
    }

    private void beat() {
        long now = System.nanoTime();
        longestPause.accumulateAndGet(now - lastBeat.getAndSet(now), Math::max);
    }

    /** Ends it, waits for what is on its way, and looks at what became of it. */
    Result end() throws InterruptedException {
        publisher.shutdown();
        if (!publisher.awaitTermination(30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("The broker takes no events");
        }
        Outcome outcome = scenario.awaitEnds(Duration.ofMinutes(1));
        Duration latest = Duration.ZERO;
        int late = 0;
        for (Mailed mail : outcome.mails()) {
            Instant at = published.get(mail.id());
            Duration took = at == null || at.isBefore(began) ? Duration.ZERO : Duration.between(at, mail.at());
            latest = took.compareTo(latest) > 0 ? took : latest;
            late += took.compareTo(Duration.ofSeconds(1)) > 0 ? 1 : 0;
        }
        return new Result(outcome, published.size(), latest, late, Duration.ofNanos(longestPause.get()));
    }

    /**
     * What became of the events.
     *
     * @param latest the longest time from publishing to a relay's 250
     * @param late mails that took more than a second
     * @param pause the longest time for which this process did not run at all
     */
    record Result(Outcome outcome, int published, Duration latest, int late, Duration pause) {

        @Override
        public String toString() {
            return published + " events, " + outcome.mails().size() + " mails, "
                    + outcome.deadLetters().size() + " dead letters, the latest mail after " + latest.toMillis()
                    + " ms, "
                    + late + " after more than 1 s, longest pause of the machine " + pause.toMillis() + " ms";
        }
    }

    @Override
    public void close() {
        publisher.shutdownNow();
        heart.shutdownNow();
    }
}
