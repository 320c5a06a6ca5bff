package org.signupmailer.delivery;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Told when an event has been through the routes; sees to it that it has an end, and records which. */
public interface DeliveryEnd {

    /**
     * Ends the event if the routes did not, and says how it ended.
     *
     * @param failure what went wrong on the way and no route handled; null when nothing did
     * @return whether the event has ended, once that is certain; if not, it is to go through the routes again, or to be
     *     read again. It may complete later on a thread that others need and that must not be held up
     */
    CompletableFuture<Boolean> of(Delivery delivery, @Nullable Throwable failure);
}
