package org.signupmailer.relay;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says whether a relay is to be asked at all. Passing failures open a circuit breaker; a used-up quota or a lasting
 * fault sends the relay to rest, longer each time it happens again. What is the recipient's or the mail's fault does not
 * count. A closed gate costs a mail nothing.
 */
final class RelayGate {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer.relays");

    private static final int WINDOW = 20;
    private static final int FEWEST = 5;
    private static final int TRIALS = 3;
    private static final float MOST_FAILURES_PERCENT = 50;
    /** A relay that needs this long for a mail keeps people waiting for their code, though it fails at nothing. */
    static final Duration SLOW = Duration.ofSeconds(10);

    private static final float MOST_SLOW_PERCENT = 80;
    private static final Duration FIRST_REST = Duration.ofHours(1);
    private static final Duration LONGEST_REST = Duration.ofHours(24);

    private final String relay;
    private final Clock clock;
    private final Listener listener;
    private final CircuitBreaker breaker;
    private volatile @Nullable Rest rest;
    private int rests;

    /** Told when the gate closes and when it opens again. */
    interface Listener {

        /** The breaker has opened: only a probe brings the relay back. */
        void opened();

        void available();
    }

    private record Rest(Instant until, String why) {}

    /** @param slow how long a mail takes that counts as slow */
    RelayGate(String relay, Clock clock, Listener listener, Duration slow) {
        this.relay = relay;
        this.clock = clock;
        this.listener = listener;
        this.breaker = CircuitBreaker.of(
                relay,
                CircuitBreakerConfig.custom()
                        .slidingWindowType(SlidingWindowType.COUNT_BASED)
                        .slidingWindowSize(WINDOW)
                        .minimumNumberOfCalls(FEWEST)
                        .failureRateThreshold(MOST_FAILURES_PERCENT)
                        .slowCallDurationThreshold(slow)
                        .slowCallRateThreshold(MOST_SLOW_PERCENT)
                        .permittedNumberOfCallsInHalfOpenState(TRIALS)
                        // The probe opens it, not the clock, so that no mail has to find out.
                        .waitDurationInOpenState(Duration.ofDays(365))
                        .writableStackTraceEnabled(false)
                        .build());
        breaker.getEventPublisher().onStateTransition(event -> {
            switch (event.getStateTransition().getToState()) {
                case OPEN -> {
                    LOG.warn(
                            "Relay \"{}\" fails too often: left alone until a probe succeeds; mail goes to the next",
                            relay);
                    listener.opened();
                }
                case CLOSED -> {
                    LOG.info("Relay \"{}\" is well again and takes mail", relay);
                    rested();
                    listener.available();
                }
                case HALF_OPEN -> listener.available();
                default -> LOG.debug("Breaker of relay \"{}\": {}", relay, event);
            }
        });
    }

    /** Whether a mail may be tried now; if so, one of the methods that tell its outcome must follow. */
    boolean tryEnter() {
        if (rest != null) {
            endRestInTime();
        }
        return rest == null && breaker.tryAcquirePermission();
    }

    /** Whether the relay is worth waiting for: not at rest, and its breaker not open. */
    boolean available() {
        Rest resting = rest;
        return (resting == null || !clock.instant().isBefore(resting.until))
                && breaker.getState() != CircuitBreaker.State.OPEN;
    }

    void accepted(Duration took) {
        breaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The attempt ended for a reason that says nothing of the relay. */
    void notBlamed() {
        breaker.releasePermission();
    }

    /** @param answered whether the relay said so itself, by a reply */
    void failed(SmtpPhase phase, boolean answered, Verdict verdict, Duration took) {
        switch (verdict.failureClass()) {
            case RECIPIENT, MESSAGE -> breaker.releasePermission();
            case PASSING -> {
                Duration pause = verdict.restFor();
                if (pause != null) {
                    breaker.releasePermission();
                    rest(pause, verdict);
                } else if (phase == SmtpPhase.RCPT && answered) {
                    // Greylisting and full mailboxes are about one recipient; the relay is well.
                    breaker.releasePermission();
                } else {
                    breaker.onError(took.toNanos(), TimeUnit.NANOSECONDS, new PassingFailure());
                }
            }
            case UNCERTAIN -> breaker.onError(took.toNanos(), TimeUnit.NANOSECONDS, new PassingFailure());
            case QUOTA, LASTING -> {
                breaker.releasePermission();
                restAgain(verdict);
            }
        }
    }

    private synchronized void restAgain(Verdict verdict) {
        Duration pause = verdict.restFor();
        if (pause != null) {
            rest(pause, verdict);
            return;
        }
        Rest resting = rest;
        // Mails that were under way together fail together: that is one fault, not one after another.
        if (resting == null || !clock.instant().isBefore(resting.until)) {
            rest(nextRest(), verdict);
        }
    }

    /** What a probe found: a lasting fault or a used-up quota sends the relay to rest, anything else changes nothing. */
    void learned(Verdict verdict) {
        if (verdict.failureClass() == FailureClass.LASTING || verdict.failureClass() == FailureClass.QUOTA) {
            restAgain(verdict);
        }
    }

    /** A probe came through: a few mails are tried, and decide. */
    void probed() {
        if (breaker.getState() == CircuitBreaker.State.OPEN) {
            breaker.transitionToHalfOpenState();
        }
    }

    /** Until when the relay rests; null when it does not. */
    @Nullable
    Instant restingUntil() {
        Rest resting = rest;
        return resting == null ? null : resting.until;
    }

    /** Why it rests, in one sentence; null when it does not. */
    @Nullable
    String restingWhy() {
        Rest resting = rest;
        return resting == null ? null : resting.why;
    }

    /** What the gate does now, in words for operators; holds nothing of a reply. */
    String state() {
        Rest resting = rest;
        if (resting != null && clock.instant().isBefore(resting.until)) {
            return "rests until " + resting.until.truncatedTo(ChronoUnit.SECONDS) + ": " + resting.why;
        }
        return switch (breaker.getState()) {
            case OPEN -> "left alone until a probe succeeds: it failed too often";
            case HALF_OPEN -> "on trial: a few mails decide whether it is well again";
            default -> "takes mail";
        };
    }

    /** {@code closed} while mail goes through, {@code open} while a probe is waited for, {@code half-open} on trial. */
    String breaker() {
        return breaker.getState().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** An operator's word: no mail for so long, whatever was before; mail goes to the next relay. */
    synchronized void restForOperator(Duration pause) {
        Instant until = clock.instant().plus(pause);
        rest = new Rest(until, "an operator said so");
        LOG.warn(
                "Relay \"{}\" rests until {}, mail goes to the next: an operator said so",
                relay,
                until.truncatedTo(ChronoUnit.SECONDS));
    }

    /** An operator's word: whatever kept mail away is over, and the next mails go there. */
    void wake() {
        synchronized (this) {
            rest = null;
            rests = 0;
        }
        LOG.info("Relay \"{}\" was woken by an operator and takes mail", relay);
        if (breaker.getState() == CircuitBreaker.State.CLOSED) {
            listener.available();
        } else {
            breaker.transitionToClosedState();
        }
    }

    boolean well() {
        return rest == null && breaker.getState() == CircuitBreaker.State.CLOSED;
    }

    boolean resting() {
        Rest resting = rest;
        return resting != null && clock.instant().isBefore(resting.until);
    }

    boolean open() {
        return breaker.getState() == CircuitBreaker.State.OPEN;
    }

    private synchronized Duration nextRest() {
        Duration next = FIRST_REST.multipliedBy(1L << Math.min(rests, 5));
        rests++;
        return next.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : next;
    }

    private synchronized void rested() {
        rests = 0;
    }

    private synchronized void rest(Duration pause, Verdict verdict) {
        Instant until = clock.instant().plus(pause);
        Rest resting = rest;
        if (resting != null && !resting.until.isBefore(until)) {
            return;
        }
        rest = new Rest(until, verdict.explanation());
        if (verdict.failureClass() == FailureClass.PASSING) {
            LOG.info("Relay \"{}\" pauses for {} s: {}", relay, pause.toSeconds(), verdict.explanation());
        } else {
            LOG.warn(
                    "Relay \"{}\" rests until {}, mail goes to the next: {}{}",
                    relay,
                    until,
                    verdict.explanation(),
                    verdict.remedy() == null ? "" : " " + verdict.remedy());
        }
    }

    private synchronized void endRestInTime() {
        Rest resting = rest;
        if (resting == null || clock.instant().isBefore(resting.until)) {
            return;
        }
        rest = null;
        // After a long rest a few mails try first; a whole burst would be one more reason to be blocked.
        if (rests > 0 && breaker.getState() == CircuitBreaker.State.CLOSED) {
            // Not by way of OPEN, which says that the relay failed, and asks for a probe where mails find out.
            breaker.transitionToForcedOpenState();
            breaker.transitionToHalfOpenState();
        }
        listener.available();
    }

    private static final class PassingFailure extends Exception {
        private static final long serialVersionUID = 1L;

        private PassingFailure() {
            super("a relay's passing failure", null, false, false);
        }
    }
}
