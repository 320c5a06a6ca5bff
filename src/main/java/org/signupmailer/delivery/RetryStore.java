package org.signupmailer.delivery;

import java.io.IOException;

/** Where events wait that no relay took for now. */
public interface RetryStore {

    /**
     * Lets the event wait for another try, with its attempts so far.
     *
     * @return false when another try would come too late for it
     * @throws IOException when it is not safely written
     */
    boolean schedule(Delivery delivery) throws IOException;
}
