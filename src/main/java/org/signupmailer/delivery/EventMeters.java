package org.signupmailer.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.signupmailer.event.SignupEvent;

/** Counts how events end, and how old they are when a relay accepts them. No address is ever a tag. */
final class EventMeters {

    private static final String NO_TYPE = "none";
    // 30 s is what deploy/prometheus/alerts.yml promises. What somebody feels who waits for a code: at once, soon,
    // late, too late.
    private static final Duration[] AGES = {
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofMinutes(1),
        Duration.ofMinutes(2),
        Duration.ofMinutes(5),
        Duration.ofMinutes(10)
    };

    private final MeterRegistry registry;
    private final Map<String, Counter> ends = new ConcurrentHashMap<>();
    private final Map<String, Counter> deadLetters = new ConcurrentHashMap<>();
    private final Map<String, Timer> ages = new ConcurrentHashMap<>();

    EventMeters(MeterRegistry registry) {
        this.registry = registry;
        // From the start, since Prometheus sees no increase in a counter that begins with 1.
        for (DeadLetterReason reason : DeadLetterReason.values()) {
            deadLetters(reason);
        }
    }

    void accepted(SignupEvent event, Instant readAt, Instant now) {
        end(event.type(), "accepted");
        Instant born = event.time() == null ? readAt : event.time();
        Duration age = Duration.between(born, now);
        ages.computeIfAbsent(event.type(), type -> Timer.builder("signup.mailer.event.age")
                        .description("Age of an event, from its time, when a relay accepted its mail")
                        .tag("type", type)
                        .serviceLevelObjectives(AGES)
                        .register(registry))
                .record(age.isNegative() ? Duration.ZERO : age);
    }

    void deadLetter(@Nullable SignupEvent event, DeadLetterReason reason) {
        end(event == null ? NO_TYPE : event.type(), "dead");
        deadLetters(reason).increment();
    }

    private Counter deadLetters(DeadLetterReason reason) {
        return deadLetters.computeIfAbsent(reason.id(), id -> Counter.builder("signup.mailer.dead.letters")
                .description("Events that will not be sent, by reason")
                .tag("reason", id)
                .register(registry));
    }

    void duplicate(SignupEvent event) {
        end(event.type(), "duplicate");
    }

    private void end(String type, String end) {
        ends.computeIfAbsent(type + '\n' + end, key -> Counter.builder("signup.mailer.events")
                        .description("Events that have ended, by type and end")
                        .tag("type", type)
                        .tag("end", end)
                        .register(registry))
                .increment();
    }
}
