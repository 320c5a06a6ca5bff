package org.signupmailer.intake;

import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.signupmailer.ledger.Acceptances;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds events back until the ledger tells whether a relay has accepted them, but for 30 s at most: a mail twice is
 * better than a mail late. Not thread-safe.
 */
final class LedgerWait {

    private static final Logger LOG = LoggerFactory.getLogger(LedgerWait.class);

    private final Acceptances ledger;
    private final String name;
    private final Duration atMost;
    private boolean inVain;

    LedgerWait(Acceptances ledger, String name, Duration atMost) {
        this.ledger = ledger;
        this.name = name;
        this.atMost = atMost;
    }

    /** Partitions came: whoever had them before may have mailed events that are read again now. */
    void partitionsCame() {
        await(ledger::catchUpWithNewest, "ledger");
    }

    /** Events were read that are to be handed on. */
    void eventsCame(Iterable<? extends ConsumerRecord<?, ?>> events) {
        if (inVain || tellsOfAll(events)) {
            return;
        }
        LOG.info(
                "Events are as old as what is not yet read of the ledger {}; they wait for it, but not longer than {} s",
                name,
                atMost.toSeconds());
        await(ledger::catchUp, "older part of the ledger");
    }

    /** Reads in the time that it is given, or tells that it could not. */
    private interface Reading {
        boolean within(Duration time) throws InterruptedException;
    }

    private void await(Reading reading, String what) {
        try {
            inVain = !reading.within(atMost);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (inVain) {
            LOG.warn(
                    "The {} {} could not be read within {} s; going on without, since a mail twice is better than a mail"
                            + " late",
                    what,
                    name,
                    atMost.toSeconds());
        }
    }

    private boolean tellsOfAll(Iterable<? extends ConsumerRecord<?, ?>> events) {
        for (ConsumerRecord<?, ?> event : events) {
            if (!ledger.tells(event.timestamp())) {
                return false;
            }
        }
        return true;
    }
}
