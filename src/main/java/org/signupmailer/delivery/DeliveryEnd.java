package org.signupmailer.delivery;

import org.jspecify.annotations.Nullable;

/** Told when an event has been through the routes; sees to it that it has an end, and records which. */
public interface DeliveryEnd {

    /**
     * Ends the event if the routes did not, and says how it ended.
     *
     * @param failure what went wrong on the way and no route handled; null when nothing did
     */
    void of(Delivery delivery, @Nullable Throwable failure);
}
