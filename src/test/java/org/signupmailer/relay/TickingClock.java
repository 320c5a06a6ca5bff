package org.signupmailer.relay;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that goes on when a test says so. */
final class TickingClock extends Clock {

    private final AtomicReference<Instant> now;
    private final ZoneId zone;

    TickingClock(Instant now) {
        this(new AtomicReference<>(now), ZoneOffset.UTC);
    }

    private TickingClock(AtomicReference<Instant> now, ZoneId zone) {
        this.now = now;
        this.zone = zone;
    }

    void advance(Duration time) {
        now.updateAndGet(instant -> instant.plus(time));
    }

    @Override
    public Instant instant() {
        return Objects.requireNonNull(now.get());
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return new TickingClock(now, zone);
    }
}
