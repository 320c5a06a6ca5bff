package org.signupmailer.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * How many mails each relay has accepted, by the hour, for 31 days: by the ledger, so of all processes. What the ledger
 * no longer has, a process that was started later does not know. Thread-safe.
 */
public final class QuotaUse {

    private static final int HOURS = 31 * 24;
    /** Relays come and go; whoever writes into the ledger by hand is not to fill the memory. */
    private static final int MOST_RELAYS = 200;

    private final Map<String, Hours> relays = new HashMap<>();

    private static final class Hours {
        private final int[] mails = new int[HOURS];
        private final long[] hour = new long[HOURS];
    }

    synchronized void accepted(String relay, Instant at) {
        Hours hours = relays.get(relay);
        if (hours == null) {
            if (relays.size() >= MOST_RELAYS) {
                return;
            }
            hours = new Hours();
            relays.put(relay, hours);
        }
        long hour = hour(at);
        int place = Math.floorMod(hour, HOURS);
        if (hours.hour[place] != hour) {
            if (hours.hour[place] > hour) {
                return;
            }
            hours.hour[place] = hour;
            hours.mails[place] = 0;
        }
        hours.mails[place]++;
    }

    /** The ledger is read from its beginning once more. */
    synchronized void beginAgain() {
        relays.clear();
    }

    /**
     * Mails accepted by the relay lately.
     *
     * @param window up to 31 days; counted in whole hours, the current one included
     */
    public synchronized long used(String relay, Duration window, Instant now) {
        Hours hours = relays.get(relay);
        if (hours == null) {
            return 0;
        }
        long last = hour(now);
        long used = 0;
        for (long hour = last - Math.min(HOURS, window.toHours()) + 1; hour <= last; hour++) {
            int place = Math.floorMod(hour, HOURS);
            used += hours.hour[place] == hour ? hours.mails[place] : 0;
        }
        return used;
    }

    private static long hour(Instant at) {
        return at.getEpochSecond() / 3600;
    }
}
