package org.signupmailer.ledger;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Shows how much of each relay's limit is used, and how much is left where the limit is known. */
final class QuotaMeters {

    private QuotaMeters() {}

    static void register(Quotas quotas, MeterRegistry registry) {
        quotas.limits().forEach((relay, limit) -> {
            watch(quotas, registry, relay, "day", Quotas.DAY, limit.perDay());
            watch(quotas, registry, relay, "month", Quotas.MONTH, limit.perMonth());
        });
    }

    private static void watch(
            Quotas quotas,
            MeterRegistry registry,
            String relay,
            String period,
            Duration window,
            @Nullable Integer limit) {
        Gauge.builder("signup.mailer.quota.used", quotas, all -> all.used(relay, window))
                .description("Mails that a relay has accepted from all processes within the period")
                .tag("relay", relay)
                .tag("period", period)
                .register(registry);
        if (limit != null) {
            Gauge.builder("signup.mailer.quota.left", quotas, all -> Math.max(0, limit - all.used(relay, window)))
                    .description("Mails that a relay may still take within the period, where its limit is known")
                    .tag("relay", relay)
                    .tag("period", period)
                    .register(registry);
        }
    }
}
