package org.signupmailer.delivery;

import java.time.Clock;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.signupmailer.event.InvalidEventException;
import org.signupmailer.event.SignupEvent;

/** The first steps of the route: what must hold before an event becomes a mail. In routes: bean {@code eventChecks}. */
public final class EventChecks {

    private final Clock clock;

    EventChecks(Clock clock) {
        this.clock = clock;
    }

    /**
     * Passes valid events on.
     *
     * @throws Undeliverable when the record does not hold one
     */
    public void requireValid(Exchange exchange) throws Undeliverable {
        InvalidEventException invalid = Delivery.of(exchange).invalid();
        if (invalid != null) {
            throw new Undeliverable(DeadLetterReason.INVALID_EVENT, String.valueOf(invalid.getMessage()));
        }
    }

    /**
     * Passes events on that still matter: a dead code is never mailed.
     *
     * @throws Undeliverable when {@code expiresAt} is over
     */
    public void requireUnexpired(Exchange exchange) throws Undeliverable {
        SignupEvent event = Delivery.of(exchange).event();
        Instant expiresAt = event == null ? null : event.expiresAt();
        if (expiresAt != null && !clock.instant().isBefore(expiresAt)) {
            throw new Undeliverable(
                    DeadLetterReason.EXPIRED, "It expired at " + expiresAt + " and was not sent before");
        }
    }
}
