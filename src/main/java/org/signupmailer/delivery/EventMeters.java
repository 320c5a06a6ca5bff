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

    private final MeterRegistry registry;
    private final Map<String, Counter> ends = new ConcurrentHashMap<>();
    private final Map<String, Counter> deadLetters = new ConcurrentHashMap<>();
    private final Map<String, Timer> ages = new ConcurrentHashMap<>();

    EventMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void accepted(SignupEvent event, Instant readAt, Instant now) {
        end(event.type(), "accepted");
        Instant born = event.time() == null ? readAt : event.time();
        Duration age = Duration.between(born, now);
        ages.computeIfAbsent(event.type(), type -> Timer.builder("signup.mailer.event.age")
                        .description("Age of an event, from its time, when a relay accepted its mail")
                        .tag("type", type)
                        .publishPercentileHistogram()
                        .minimumExpectedValue(Duration.ofMillis(5))
                        .maximumExpectedValue(Duration.ofMinutes(30))
                        .register(registry))
                .record(age.isNegative() ? Duration.ZERO : age);
    }

    void deadLetter(@Nullable SignupEvent event, DeadLetterReason reason) {
        end(event == null ? NO_TYPE : event.type(), "dead");
        deadLetters
                .computeIfAbsent(reason.id(), id -> Counter.builder("signup.mailer.dead.letters")
                        .description("Events that will not be sent, by reason")
                        .tag("reason", id)
                        .register(registry))
                .increment();
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
