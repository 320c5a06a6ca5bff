package org.signupmailer.relay;

import java.util.concurrent.Executor;

/** How a mail goes on once a relay has answered: by threads that may be held up. */
public interface Onward extends Executor {

    /** By the thread that brings the answer, in any case. */
    Onward AT_ONCE = new Onward() {
        @Override
        public void execute(Runnable further) {
            further.run();
        }

        @Override
        public boolean isCalledOff() {
            return false;
        }
    };

    /** Whether it is too late: what no relay has begun with is not to be begun any more. */
    boolean isCalledOff();
}
