package org.signupmailer.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Counts what relays do. Counters are looked up once, since they are turned for every mail. */
final class RelayMeters {

    private static final String ACCEPTED = "accepted";
    private static final List<String> STATES = List.of("closed", "half-open", "open");

    private final MeterRegistry registry;
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();

    RelayMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    void accepted(String relay) {
        attempts(relay, ACCEPTED).increment();
    }

    void failed(String relay, FailureClass failure) {
        attempts(relay, word(failure)).increment();
        if (failure == FailureClass.UNCERTAIN) {
            uncertain(relay).increment();
        }
    }

    private Counter uncertain(String relay) {
        return counters.computeIfAbsent(relay + "\tuncertain", key -> Counter.builder("signup.mailer.uncertain.mails")
                .description("Mails of which nobody knows whether the relay took them: it hung up before its answer")
                .tag("relay", relay)
                .register(registry));
    }

    private Counter attempts(String relay, String end) {
        return counters.computeIfAbsent(relay + '\n' + end, key -> Counter.builder("signup.mailer.attempts")
                .description("Attempts to hand a mail to a relay, by what came of them")
                .tag("relay", relay)
                .tag("class", end)
                .register(registry));
    }

    private static String word(FailureClass failure) {
        return failure.name().toLowerCase(Locale.ROOT);
    }

    void failover(@Nullable String from, String to) {
        if (from == null || from.equals(to)) {
            return;
        }
        counters.computeIfAbsent(from + "\t" + to, key -> Counter.builder("signup.mailer.failovers")
                        .description("Mails that one relay did not take and the next was asked to")
                        .tag("from", from)
                        .tag("to", to)
                        .register(registry))
                .increment();
    }

    void watch(String relay, SmtpConnectionPool pool, RelayGate gate) {
        // From the start, since Prometheus sees no increase in a counter that begins with 1.
        attempts(relay, ACCEPTED);
        for (FailureClass failure : FailureClass.values()) {
            attempts(relay, word(failure));
        }
        uncertain(relay);
        for (String state : STATES) {
            Gauge.builder(
                            "signup.mailer.relay.breaker",
                            gate,
                            watched -> watched.breaker().equals(state) ? 1 : 0)
                    .description("1 for the state that the relay's circuit breaker is in, 0 for the others")
                    .tag("relay", relay)
                    .tag("state", state)
                    .register(registry);
        }
        Gauge.builder("signup.mailer.relay.available", gate, watched -> watched.available() ? 1 : 0)
                .description("1 while mail may be handed to the relay, 0 while it is left alone")
                .tag("relay", relay)
                .register(registry);
        Gauge.builder("signup.mailer.connections", pool, SmtpConnectionPool::inUse)
                .description("Open connections to a relay")
                .tag("relay", relay)
                .tag("state", "active")
                .register(registry);
        Gauge.builder("signup.mailer.connections", pool, SmtpConnectionPool::idle)
                .description("Open connections to a relay")
                .tag("relay", relay)
                .tag("state", "idle")
                .register(registry);
    }
}
