package org.signupmailer.ledger;

import java.time.Duration;

/** What is known of the events that relays have accepted, while the ledger is still being read. */
public interface Acceptances {

    /**
     * Reads what all processes have recorded up to now. A ledger that somebody deleted is created again.
     *
     * @return whether everything was read in time
     */
    boolean catchUp(Duration within) throws InterruptedException;

    /**
     * The same without what is older than the newest entries, which is read afterwards: {@link #tells} then knows whether
     * that is needed. To be called before events are handled that another process may have handled before.
     *
     * @return whether the newest entries were read in time
     */
    boolean catchUpWithNewest(Duration within) throws InterruptedException;

    /**
     * Whether it is known of every event that was published then if a relay has accepted it, by what was read so far.
     * Nothing is promised of an id that was accepted earlier, and is published once more.
     *
     * @param published when the event was put into its topic, in milliseconds from 1970
     */
    boolean tells(long published);
}
