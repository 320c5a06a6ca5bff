package org.signupmailer.testing.guarantee;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A dead code is never mailed. What was on the wire when it died has a second to arrive. */
public final class NoMailAfterExpiry extends Guarantee {

    private static final Duration ON_THE_WIRE = Duration.ofSeconds(1);

    @Override
    List<String> breachesIn(Outcome outcome) {
        Map<String, Instant> ends = new HashMap<>();
        for (Published event : outcome.published()) {
            Instant end = event.expiresAt();
            if (end != null) {
                ends.put(event.id(), end.plus(ON_THE_WIRE));
            }
        }
        return outcome.mails().stream()
                .filter(mail -> mail.at().isAfter(ends.getOrDefault(mail.id(), Instant.MAX)))
                .map(mail -> mail.id() + " was mailed at " + mail.at() + " by " + mail.relay())
                .toList();
    }
}
