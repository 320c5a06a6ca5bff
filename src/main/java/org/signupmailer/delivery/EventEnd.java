package org.signupmailer.delivery;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.signupmailer.event.Addresses;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.kafka.KafkaWriter;
import org.signupmailer.ledger.Ledger;
import org.signupmailer.relay.Attempt;
import org.signupmailer.relay.SmtpReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Gives every event its end, also where the routes left it without one: such an event becomes a dead letter, so that a
 * mistake in a route loses nothing. Says each end in one line.
 */
final class EventEnd implements DeliveryEnd, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer.events");
    private static final CompletableFuture<Boolean> ENDED = CompletableFuture.completedFuture(true);
    private static final CompletableFuture<Boolean> NOT_ENDED = CompletableFuture.completedFuture(false);
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final DeadLetterStore store;
    private final Ledger ledger;
    private final EventMeters meters;
    private final EventTraces traces;
    private final Clock clock;
    // Threads are there only while brokers do not confirm; not more of them than mails may be held at relays.
    private final ExecutorService again = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "end-again");
        thread.setDaemon(true);
        return thread;
    });

    EventEnd(DeadLetterStore store, Ledger ledger, EventMeters meters, EventTraces traces, Clock clock) {
        this.store = store;
        this.ledger = ledger;
        this.meters = meters;
        this.traces = traces;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<Boolean> of(Delivery delivery, @Nullable Throwable thrown) {
        Throwable failure = delivery.refused() == null ? thrown : delivery.refused();
        if (delivery.postponedUntil() != null && !delivery.hasEnded()) {
            return NOT_ENDED;
        }
        if (failure != null && !delivery.hasEnded() && !(failure instanceof Undeliverable)) {
            LOG.error("{}: {}", name(delivery), detail(delivery, failure));
        }
        boolean ended = delivery.hasEnded()
                || persist(
                        delivery,
                        "dead letter",
                        () -> store.write(delivery, reason(failure), detail(delivery, failure)));
        return ended ? recorded(delivery).thenApply(recorded -> recorded && end(delivery)) : NOT_ENDED;
    }

    private boolean end(Delivery delivery) {
        // The next mail need not wait for the words about this one.
        delivery.settled();
        try {
            say(delivery);
        } catch (RuntimeException e) {
            // It has ended all the same, and its partition must not wait for it.
            LOG.error("{} has ended, which could not be told in full", name(delivery), e);
        }
        return true;
    }

    private CompletableFuture<Boolean> recorded(Delivery delivery) {
        SignupEvent event = delivery.event();
        Attempt acceptance = delivery.acceptance();
        if (acceptance == null || event == null) {
            return CompletableFuture.completedFuture(persist(delivery, "end", () -> recordDead(delivery)));
        }
        // What most events come to, so no thread waits for the brokers here.
        KafkaWriter.Sent sent = recordAccepted(delivery, event, acceptance);
        return sent.settled()
                .thenCompose(confirmed ->
                        confirmed ? ENDED : recordedAgain(delivery, new Acceptance(delivery, event, acceptance, sent)))
                .thenApply(recorded -> {
                    if (!recorded) {
                        LOG.warn(
                                "{} was accepted by {}, but Kafka did not take the record of it before the stop: it will"
                                        + " be mailed again",
                                name(delivery),
                                acceptance.relay());
                    }
                    return recorded;
                });
    }

    private CompletableFuture<Boolean> recordedAgain(Delivery delivery, Acceptance acceptance) {
        try {
            return CompletableFuture.supplyAsync(() -> persist(delivery, "end", acceptance), again);
        } catch (RejectedExecutionException e) {
            // Closed: what was still with Kafka's client then fails by that.
            return NOT_ENDED;
        }
    }

    /** Something that must be written before the event may be forgotten. */
    private interface Writing {
        void write() throws IOException;
    }

    /** An acceptance that the brokers did not confirm at first: the first writing tells why. */
    private final class Acceptance implements Writing {

        private final Delivery delivery;
        private final SignupEvent event;
        private final Attempt acceptance;
        private KafkaWriter.@Nullable Sent sent;

        private Acceptance(Delivery delivery, SignupEvent event, Attempt acceptance, KafkaWriter.Sent sent) {
            this.delivery = delivery;
            this.event = event;
            this.acceptance = acceptance;
            this.sent = sent;
        }

        @Override
        public void write() throws IOException {
            KafkaWriter.Sent current = sent == null ? recordAccepted(delivery, event, acceptance) : sent;
            sent = null;
            current.confirm();
        }
    }

    // The offset of the event is not committed before, so that it is read again if the process dies meanwhile.
    private static boolean persist(Delivery delivery, String what, Writing writing) {
        Duration wait = FIRST_WAIT;
        while (true) {
            try {
                writing.write();
                return true;
            } catch (IOException e) {
                if (Thread.currentThread().isInterrupted()) {
                    return false;
                }
                LOG.error(
                        "The {} of {} can't be written. The event stays in Kafka and this is tried again in {} s: {}",
                        what,
                        name(delivery),
                        wait.toSeconds(),
                        e.getMessage());
                if (!pause(wait)) {
                    return false;
                }
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
            }
        }
    }

    private KafkaWriter.Sent recordAccepted(Delivery delivery, SignupEvent event, Attempt acceptance) {
        return ledger.accepted(
                event.id(),
                event.type(),
                acceptance.relay(),
                delivery.attempts().size(),
                clock.instant());
    }

    private void recordDead(Delivery delivery) throws IOException {
        SignupEvent event = delivery.event();
        DeadLetterReason reason = delivery.deadLetter();
        String id = event != null
                ? event.id()
                : delivery.invalid() == null ? null : delivery.invalid().eventId();
        // An id that was accepted stays accepted, whatever else is published under it.
        if (reason != null && id != null && !ledger.accepted(id)) {
            ledger.dead(
                    id,
                    event == null ? null : event.type(),
                    reason.id(),
                    delivery.attempts().size(),
                    clock.instant());
        }
    }

    /** Gives up what still waits for brokers that do not answer: those events are read again. */
    @Override
    public void close() {
        again.shutdownNow();
    }

    private static DeadLetterReason reason(@Nullable Throwable failure) {
        return failure == null ? DeadLetterReason.RELAYS_EXHAUSTED : DeadLetterStep.reason(failure);
    }

    private static String detail(Delivery delivery, @Nullable Throwable failure) {
        if (failure instanceof Undeliverable) {
            return String.valueOf(failure.getMessage());
        }
        if (failure == null) {
            return "The routes ended without handing it to a relay or to the dead letters; "
                    + ChainEnd.story(delivery.attempts());
        }
        return "A step of the routes failed: " + failure + "; " + ChainEnd.story(delivery.attempts());
    }

    private static boolean pause(Duration wait) {
        try {
            TimeUnit.MILLISECONDS.sleep(wait.toMillis());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void say(Delivery delivery) {
        Instant now = clock.instant();
        long millis = Duration.between(delivery.readAt(), now).toMillis();
        Attempt acceptance = delivery.acceptance();
        SignupEvent event = delivery.event();
        DeadLetterReason reason = delivery.deadLetter();
        String attempts = ChainEnd.number(delivery.attempts());
        if (acceptance != null && event != null) {
            meters.accepted(event, delivery.readAt(), now);
            line(LOG.atInfo(), delivery, "accepted", millis)
                    .addKeyValue("mail.relay", acceptance.relay())
                    .log(
                            "{} accepted by {} for {} ({}, {} ms)",
                            name(delivery),
                            acceptance.relay(),
                            Addresses.mask(event.email()),
                            attempts,
                            millis);
            traces.ended(delivery, "accepted", now);
        } else if (delivery.duplicate() && event != null) {
            meters.duplicate(event);
            line(LOG.atInfo(), delivery, "duplicate", millis)
                    .log("{} skipped: a relay has accepted this id before", name(delivery));
            traces.ended(delivery, "duplicate", now);
        } else if (reason != null) {
            meters.deadLetter(event, reason);
            line(LOG.atWarn(), delivery, "dead", millis)
                    .addKeyValue("mail.reason", reason.id())
                    .log(
                            "{} is a dead letter: {}{} ({}, {} ms)",
                            name(delivery),
                            reason.id(),
                            event == null ? "" : " for " + Addresses.mask(event.email()),
                            attempts,
                            millis);
            traces.ended(delivery, reason.id(), now);
        } else if (delivery.retriedAfter() != null && event != null) {
            line(LOG.atInfo(), delivery, "retry", millis)
                    .log(
                            "{} is tried again in {} s for {}: {} ({}, {} ms)",
                            name(delivery),
                            delivery.retriedAfter().toSeconds(),
                            Addresses.mask(event.email()),
                            failures(delivery.attemptsSinceRead()),
                            attempts,
                            millis);
            traces.ended(delivery, "retry", now);
        }
    }

    // Of a reply only its codes: a relay may write into its text what is in the mail.
    private static String failures(List<Attempt> attempts) {
        return attempts.stream()
                .map(attempt -> ChainEnd.failure(attempt, SmtpReply::codes))
                .collect(Collectors.joining("; "));
    }

    // The fields of the line for programs; people read them in its text.
    private static LoggingEventBuilder line(LoggingEventBuilder line, Delivery delivery, String end, long millis) {
        SignupEvent event = delivery.event();
        LoggingEventBuilder fields = line.addKeyValue("mail.end", end)
                .addKeyValue("mail.attempts", delivery.attempts().size())
                .addKeyValue("mail.milliseconds", millis);
        return event == null
                ? fields
                : fields.addKeyValue("mail.id", event.id())
                        .addKeyValue("mail.type", event.type())
                        .addKeyValue("mail.recipient", Addresses.mask(event.email()));
    }

    private static String name(Delivery delivery) {
        SignupEvent event = delivery.event();
        return event != null
                ? event.type() + " " + event.id()
                : "The record " + delivery.record().topic() + "-"
                        + delivery.record().partition() + "@"
                        + delivery.record().offset();
    }
}
