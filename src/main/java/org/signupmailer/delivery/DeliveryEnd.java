package org.signupmailer.delivery;

import org.jspecify.annotations.Nullable;

/** Told when an event has been through the routes; sees to it that it has an end, and records which. */
public interface DeliveryEnd {

    /**
     * Ends the event if the routes did not, and says how it ended.
     *
     * @param failure what went wrong on the way and no route handled; null when nothing did
     * @return whether the event has ended; if not, it is to go through the routes again, or to be read again
     */
    boolean of(Delivery delivery, @Nullable Throwable failure);
}
