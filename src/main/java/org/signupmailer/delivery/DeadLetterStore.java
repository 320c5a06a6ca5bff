package org.signupmailer.delivery;

import java.io.IOException;

/** Where events go that will not be sent. */
public interface DeadLetterStore {

    /**
     * Writes the dead letter and marks the delivery as ended. What an earlier, failed call already wrote is not written
     * again.
     *
     * @throws IOException when it is not safely written; the event must then stay uncommitted
     */
    void write(Delivery delivery, DeadLetterReason reason, String detail) throws IOException;
}
