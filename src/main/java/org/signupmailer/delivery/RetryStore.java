package org.signupmailer.delivery;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where events wait that no relay took for now. */
public interface RetryStore {

    /**
     * Lets the event wait for another try, with its attempts so far.
     *
     * @return how long it waits there; null when another try would come too late for it, and nothing is written
     * @throws IOException when it is not safely written
     */
    @Nullable
    Duration schedule(Delivery delivery) throws IOException;
}
