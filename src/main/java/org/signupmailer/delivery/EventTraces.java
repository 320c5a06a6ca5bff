package org.signupmailer.delivery;

import java.time.Instant;

/** Told how each event ended here, for tracing. Called on a thread that others need: it must not wait. */
public interface EventTraces {

    /** Tells nobody. */
    EventTraces NONE = (delivery, end, at) -> {};

    /**
     * An event has ended here.
     *
     * @param end {@code accepted}, {@code duplicate}, {@code retry}, or the reason of its dead letter
     */
    void ended(Delivery delivery, String end, Instant at);
}
