package org.signupmailer.delivery;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.signupmailer.event.Addresses;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.relay.Attempt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every event its end, also where the routes left it without one: such an event becomes a dead letter, so that a
 * mistake in a route loses nothing. Says each end in one line.
 */
final class EventEnd implements DeliveryEnd {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer.events");
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final DeadLetterStore store;
    private final EventMeters meters;
    private final Clock clock;

    EventEnd(DeadLetterStore store, EventMeters meters, Clock clock) {
        this.store = store;
        this.meters = meters;
        this.clock = clock;
    }

    @Override
    public void of(Delivery delivery, @Nullable Throwable failure) {
        Duration wait = FIRST_WAIT;
        while (!delivery.hasEnded()) {
            try {
                store.write(delivery, reason(failure), detail(delivery, failure));
            } catch (IOException e) {
                LOG.error(
                        "{} can't be ended: its dead letter can't be written. It stays in Kafka and is tried again in"
                                + " {} s: {}",
                        name(delivery),
                        wait.toSeconds(),
                        e.getMessage());
                if (!pause(wait)) {
                    return;
                }
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait.multipliedBy(2);
            }
        }
        say(delivery);
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
        long millis = Duration.between(delivery.readAt(), clock.instant()).toMillis();
        Attempt acceptance = delivery.acceptance();
        SignupEvent event = delivery.event();
        int attempts = delivery.attempts().size();
        if (acceptance != null && event != null) {
            meters.accepted(event, delivery.readAt(), clock.instant());
            LOG.info(
                    "{} accepted by {} for {} ({} {}, {} ms)",
                    name(delivery),
                    acceptance.relay(),
                    Addresses.mask(event.email()),
                    attempts,
                    attempts == 1 ? "attempt" : "attempts",
                    millis);
            return;
        }
        DeadLetterReason reason = delivery.deadLetter();
        if (reason != null) {
            meters.deadLetter(event, reason);
            LOG.warn(
                    "{} is a dead letter: {}{} ({} {}, {} ms)",
                    name(delivery),
                    reason.id(),
                    event == null ? "" : " for " + Addresses.mask(event.email()),
                    attempts,
                    attempts == 1 ? "attempt" : "attempts",
                    millis);
        }
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
