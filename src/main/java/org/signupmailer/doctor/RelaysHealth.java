package org.signupmailer.doctor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.RelayControl;
import org.signupmailer.relay.Relays;
import org.springframework.boot.actuate.health.Health;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.boot.actuate.health.Status;

/**
 * Each relay in the health. UP while at least one takes mail; else {@code NO_RELAY}, which is no reason to restart
 * anything: events wait in Kafka, and probes bring the relays back. So readiness and liveness do not ask here.
 */
final class RelaysHealth implements HealthIndicator {

    private static final Status NO_RELAY =
            new Status("NO_RELAY", "No relay takes mail now; events wait in Kafka until one does.");

    private final Relays relays;

    RelaysHealth(Relays relays) {
        this.relays = relays;
    }

    @Override
    public Health health() {
        List<RelayControl> all = relays.controls();
        Map<String, Object> details = new LinkedHashMap<>();
        all.forEach(relay -> details.put(relay.name(), inWords(relay)));
        boolean up = all.stream().anyMatch(RelayControl::available);
        return Health.status(up ? Status.UP : NO_RELAY).withDetails(details).build();
    }

    private static Map<String, Object> inWords(RelayControl relay) {
        Map<String, Object> words = new LinkedHashMap<>();
        words.put("state", relay.available() ? "up" : relay.restingUntil() == null ? "left alone" : "resting");
        put(words, "restingUntil", relay.restingUntil());
        put(words, "why", relay.why());
        put(words, "lastAccepted", relay.lastAccepted());
        put(words, "lastFailure", relay.lastFailure());
        return words;
    }

    private static void put(Map<String, Object> words, String key, @Nullable Object value) {
        if (value != null) {
            words.put(key, value.toString());
        }
    }
}
