package org.signupmailer.ledger;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.MailQuota;

/** What each relay may still take: what its provider allows, less what all processes have handed to it. */
public final class Quotas {

    static final Duration DAY = Duration.ofDays(1);
    static final Duration MONTH = Duration.ofDays(30);

    private final QuotaUse use;
    private final Map<String, MailQuota> limits;
    private final Clock clock;

    Quotas(QuotaUse use, Map<String, MailQuota> limits, Clock clock) {
        this.use = use;
        this.limits = Map.copyOf(limits);
        this.clock = clock;
    }

    /**
     * One relay's use within one period.
     *
     * @param period {@code day}, the last 24 hours, or {@code month}, the last 30 days
     * @param used mails that it has accepted
     * @param limit what its provider or the operator allows; null: unknown
     */
    public record Quota(String period, long used, @Nullable Integer limit) {

        /** What is left, not less than 0; null when the limit is unknown. */
        public @Nullable Long left() {
            return limit == null ? null : Math.max(0, limit - used);
        }
    }

    /** Day and month of this relay; 0 used for one that nobody knows. */
    public List<Quota> of(String relay) {
        MailQuota limit = limits.getOrDefault(relay, MailQuota.UNKNOWN);
        List<Quota> quotas = new ArrayList<>();
        quotas.add(new Quota("day", used(relay, DAY), limit.perDay()));
        quotas.add(new Quota("month", used(relay, MONTH), limit.perMonth()));
        return quotas;
    }

    long used(String relay, Duration window) {
        return use.used(relay, window, clock.instant());
    }

    Map<String, MailQuota> limits() {
        return limits;
    }
}
