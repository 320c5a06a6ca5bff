package org.signupmailer.relay;

import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether envelopes are sent ahead to a relay. There are servers that offer PIPELINING and drop what comes behind a final
 * dot, and such that think about each mail for seconds; with either it would cost more than it saves.
 */
final class EnvelopesAhead {

    private static final Logger LOG = LoggerFactory.getLogger(EnvelopesAhead.class);
    /** So many failures in a row are no accident. */
    static final int ENOUGH = 5;

    private final String relay;
    private final AtomicInteger failures = new AtomicInteger();

    EnvelopesAhead(String relay) {
        this.relay = relay;
    }

    /** False for good after five failures in a row. */
    boolean goWell() {
        return failures.get() < ENOUGH;
    }

    /** One was answered, whatever the answer was about. */
    void worked() {
        if (goWell()) {
            failures.set(0);
        }
    }

    /** One was not answered as it should be, or too late to be of use; its mail is sent anew. */
    void failed() {
        if (failures.incrementAndGet() == ENOUGH) {
            LOG.info(
                    "Relay \"{}\" does not take the next mail's envelope together with a mail; it gets one after the"
                            + " other until the next start",
                    relay);
        }
    }
}
