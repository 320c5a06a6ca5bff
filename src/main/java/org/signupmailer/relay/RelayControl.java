package org.signupmailer.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One relay as operators see it and steer it. Nothing here holds a secret, an address or a text of a relay. */
public final class RelayControl {

    private final Relay relay;
    private final RelayGate gate;
    private final SmtpConnectionPool pool;
    private final LastOutcome last;

    RelayControl(Relay relay, RelayGate gate, SmtpConnectionPool pool, LastOutcome last) {
        this.relay = relay;
        this.gate = gate;
        this.pool = pool;
        this.last = last;
    }

    public String name() {
        return relay.name();
    }

    /** Host and ports, as they are tried. */
    public String server() {
        return relay.host() + ":"
                + relay.ports().stream()
                        .map(choice -> Integer.toString(choice.port()))
                        .collect(Collectors.joining(", "));
    }

    /** Whether mail goes there now, and if not, why and until when. */
    public String state() {
        return gate.state();
    }

    /** Whether mail may be handed to it now. */
    public boolean available() {
        return gate.available();
    }

    /** When it may be asked again; null: it does not rest. */
    public @Nullable Instant restingUntil() {
        return gate.available() ? null : gate.restingUntil();
    }

    /** Why mail is kept away, in one sentence; null: it is not. */
    public @Nullable String why() {
        if (gate.available()) {
            return null;
        }
        String why = gate.restingWhy();
        return why == null ? "It fails too often; a probe brings it back." : why;
    }

    /** {@code closed}, {@code open} or {@code half-open}. */
    public String breaker() {
        return gate.breaker();
    }

    /** Connections over which a mail is on its way. */
    public int connectionsInUse() {
        return pool.inUse();
    }

    /** Open connections that wait for the next mail. */
    public int connectionsIdle() {
        return pool.idle();
    }

    /** How many connections may be open at once. */
    public int connectionsAtMost() {
        return relay.limits().maxConnections();
    }

    /** What the provider allows in its plans, if that is known: {@code 500 a day}. */
    public String providerLimit() {
        ProviderPreset preset = relay.preset();
        if (preset == null || preset.limits().mails().isEmpty()) {
            return "not known";
        }
        return preset.limits().mails().stream()
                .map(limit -> limit + (limit.when() == null ? "" : " (" + limit.when() + ")"))
                .collect(Collectors.joining(", "));
    }

    /** When it accepted a mail last; null: not since the start. */
    public @Nullable Instant lastAccepted() {
        return last.lastAccepted();
    }

    /** When, how far it came, what it means and what to do, in one line; null: nothing failed since the start. */
    public @Nullable String lastFailure() {
        return last.lastFailure();
    }

    /** Keeps mail away for so long, in place of any other rest; mail goes to the next relay. */
    public void rest(Duration pause) {
        gate.restForOperator(pause);
    }

    /** Ends a rest and closes the breaker: the next mails go there. */
    public void wake() {
        gate.wake();
    }
}
