package org.signupmailer.delivery;

import java.time.Clock;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.signupmailer.event.InvalidEventException;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.ledger.Ledger;

/** The first steps of the route: what must hold before an event becomes a mail. In routes: bean {@code eventChecks}. */
public final class EventChecks {

    private final Clock clock;

    private final NewestEvents newest;
    private final Ledger ledger;

    EventChecks(Clock clock, NewestEvents newest, Ledger ledger) {
        this.clock = clock;
        this.newest = newest;
        this.ledger = ledger;
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

    /** Ends the exchange for an event whose id a relay has accepted before: the same id is mailed once. */
    public void skipAccepted(Exchange exchange) {
        Delivery delivery = Delivery.of(exchange);
        SignupEvent event = delivery.event();
        if (event != null && ledger.accepted(event.id())) {
            delivery.markDuplicate();
            exchange.setRouteStop(true);
        }
    }

    /**
     * Passes on what is the newest of its type for its recipient, as far as reading has come: the newest code wins.
     *
     * @throws Undeliverable when a newer one has been read
     */
    public void requireNewest(Exchange exchange) throws Undeliverable {
        Delivery delivery = Delivery.of(exchange);
        SignupEvent event = delivery.event();
        if (event != null && newest.superseded(event, delivery.origin())) {
            throw new Undeliverable(
                    DeadLetterReason.SUPERSEDED,
                    "A newer event of the type " + event.type() + " for the same recipient has been read");
        }
    }
}
