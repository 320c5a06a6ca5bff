package org.signupmailer.live;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the edits of a folder are in use, and since when; what is wrong with the last one if not. Says each change
 * once, in the log and as metrics. Safe for use by many threads.
 */
public final class EditState {

    /** More than these are hardly read in a log. */
    private static final int MOST_LINES = 10;

    private final Logger log;
    private final String what;
    private final MeterRegistry registry;
    private final String meter;
    private final Clock clock;

    private Instant goodSince;
    private @Nullable Instant refusedSince;
    private List<String> problems = List.of();
    private @Nullable String lastRefused;

    /**
     * @param what plural, as in the log: {@code routes}
     * @param meter beginning of the metrics' names: {@code signup.mailer.route}
     */
    public EditState(String what, String meter, MeterRegistry registry, Clock clock) {
        this.log = LoggerFactory.getLogger("signup-mailer." + what);
        this.what = what;
        this.registry = registry;
        this.meter = meter;
        this.clock = clock;
        this.goodSince = clock.instant();
        Gauge.builder(meter + ".refused", this, state -> state.isRefused() ? 1 : 0)
                .description("1 while the folder of the " + what + " holds an edit that is refused")
                .register(registry);
        count("accepted", 0);
        count("refused", 0);
    }

    /** The folder is in use from now on. */
    public synchronized void accepted(String change) {
        goodSince = clock.instant();
        refusedSince = null;
        problems = List.of();
        count("accepted", 1);
        log.info("The edit of the {} is in use: {}", what, change);
    }

    /** The folder is what is in use already, perhaps again. */
    public synchronized void unchanged() {
        if (refusedSince != null) {
            refusedSince = null;
            problems = List.of();
            log.info("The folder of the {} is again as it is in use", what);
        }
    }

    /** The folder is not used; says so once, however often it is called. */
    public synchronized void refused(List<String> why) {
        if (why.equals(problems)) {
            return;
        }
        refusedSince = clock.instant();
        problems = List.copyOf(why);
        lastRefused = refusedSince.truncatedTo(ChronoUnit.SECONDS) + " " + String.join(" ", why);
        count("refused", 1);
        log.warn(
                "The edit of the {} is refused, and all goes on with what is in use since {}; correct it, or run undo {}:",
                what,
                goodSince.truncatedTo(ChronoUnit.SECONDS),
                what);
        why.stream().limit(MOST_LINES).forEach(problem -> log.warn("{}", problem));
        if (why.size() > MOST_LINES) {
            log.warn("and {} more", why.size() - MOST_LINES);
        }
    }

    private void count(String result, double by) {
        registry.counter(meter + ".reloads", "result", result).increment(by);
    }

    public synchronized boolean isRefused() {
        return refusedSince != null;
    }

    /** Since when what is in use is in use. */
    public synchronized Instant goodSince() {
        return goodSince;
    }

    /** Since when the folder holds something that is refused; null while it does not. */
    public synchronized @Nullable Instant refusedSince() {
        return refusedSince;
    }

    /** What is wrong with the folder now, one sentence each; empty while nothing is. */
    public synchronized List<String> problems() {
        return problems;
    }

    /** When an edit was refused last, and why; null if none was. */
    public synchronized @Nullable String lastRefused() {
        return lastRefused;
    }

    /** In a few words: {@code current}, or {@code last-known-good since …}. */
    public synchronized String words() {
        return refusedSince == null
                ? "current"
                : "last-known-good since " + goodSince.truncatedTo(ChronoUnit.SECONDS) + ", an edit is refused since "
                        + refusedSince.truncatedTo(ChronoUnit.SECONDS);
    }
}
