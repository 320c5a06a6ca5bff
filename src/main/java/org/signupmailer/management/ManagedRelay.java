package org.signupmailer.management;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.stream.Collectors;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.signupmailer.doctor.RelayDoctor;
import org.signupmailer.ledger.Quotas;
import org.signupmailer.relay.RelayControl;
import org.springframework.jmx.export.annotation.ManagedAttribute;
import org.springframework.jmx.export.annotation.ManagedOperation;
import org.springframework.jmx.export.annotation.ManagedOperationParameter;
import org.springframework.jmx.export.annotation.ManagedResource;
import org.springframework.jmx.export.naming.SelfNaming;

/** A relay in Hawtio and JMX: {@code org.signupmailer:type=Relay,name=primary}. */
@ManagedResource(description = "A relay: what it does now, and an operator's say in it")
public final class ManagedRelay implements SelfNaming {

    private static final int LONGEST_MINUTES = 7 * 24 * 60;

    private final RelayControl relay;
    private final RelayDoctor doctor;
    private final Quotas quotas;

    ManagedRelay(RelayControl relay, RelayDoctor doctor, Quotas quotas) {
        this.relay = relay;
        this.doctor = doctor;
        this.quotas = quotas;
    }

    @Override
    public ObjectName getObjectName() throws MalformedObjectNameException {
        return new ObjectName("org.signupmailer:type=Relay,name=" + relay.name());
    }

    @ManagedAttribute(description = "Host and ports, as they are tried")
    public String getServer() {
        return relay.server();
    }

    @ManagedAttribute(description = "Whether mail goes there now, and if not, why and until when")
    public String getState() {
        return relay.state();
    }

    @ManagedAttribute(
            description = "closed: mail goes through; open: left alone until a probe succeeds; half-open: on trial")
    public String getBreaker() {
        return relay.breaker();
    }

    @ManagedAttribute(description = "Connections over which a mail is on its way")
    public int getConnectionsInUse() {
        return relay.connectionsInUse();
    }

    @ManagedAttribute(description = "Open connections that wait for the next mail")
    public int getConnectionsIdle() {
        return relay.connectionsIdle();
    }

    @ManagedAttribute(description = "How many connections may be open at once")
    public int getConnectionsAtMost() {
        return relay.connectionsAtMost();
    }

    @ManagedAttribute(description = "How much mail the provider takes, as far as its preset knows")
    public String getProviderLimit() {
        return relay.providerLimit();
    }

    @ManagedAttribute(
            description = "Mails it has taken from all processes in the last 24 hours and 30 days, and its limits")
    public String getQuotaUsed() {
        return quotas.of(relay.name()).stream()
                .map(quota -> quota.used() + (quota.limit() == null ? "" : " of " + quota.limit()) + " in a "
                        + quota.period())
                .collect(Collectors.joining(", "));
    }

    @ManagedAttribute(description = "When it accepted a mail last")
    public String getLastAccepted() {
        Instant last = relay.lastAccepted();
        return last == null
                ? "not since the start"
                : last.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    @ManagedAttribute(description = "When and how it failed last, what that means and what to do")
    public String getLastFailure() {
        String last = relay.lastFailure();
        return last == null ? "none since the start" : last;
    }

    /** Keeps mail away from the relay for a while. */
    @ManagedOperation(description = "Keeps mail away from this relay for so many minutes; it goes to the next one")
    @ManagedOperationParameter(name = "minutes", description = "1 to 10080, which is a week")
    public String rest(int minutes) {
        if (minutes < 1 || minutes > LONGEST_MINUTES) {
            return "Nothing was done: " + minutes + " minutes is outside 1 to " + LONGEST_MINUTES + ".";
        }
        relay.rest(Duration.ofMinutes(minutes));
        return "Relay " + relay.name() + " " + relay.state() + ". wake() ends it earlier.";
    }

    /** Lets mail go to the relay again. */
    @ManagedOperation(description = "Ends a rest and closes the breaker: the next mails go to this relay")
    public String wake() {
        relay.wake();
        return "Relay " + relay.name() + " " + relay.state() + ".";
    }

    /** Finds out why the relay takes no mail. */
    @ManagedOperation(
            description = "Examines this relay, from its name to its login, and says what to do; sends nothing")
    public String examine() {
        return doctor.examine(relay.name());
    }
}
