package org.signupmailer.deadletter;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.topic.Moment;
import org.signupmailer.topic.Plain;
import org.springframework.jmx.export.annotation.ManagedAttribute;
import org.springframework.jmx.export.annotation.ManagedOperation;
import org.springframework.jmx.export.annotation.ManagedOperationParameter;
import org.springframework.jmx.export.annotation.ManagedResource;

/** Dead letters as operators see them over JMX, and so in Hawtio. Answers are sentences. */
@ManagedResource(
        objectName = "org.signupmailer:type=DeadLetters",
        description = "Events that were not sent, on all processes, and their way back onto the topic of events")
public final class DeadLettersBean {

    private static final String ROUTE = "replay-dead-letters";

    private final ReplayRuns runs;
    private final DeadLetterCounts counts;
    private final CamelContext camel;
    private final KafkaSettings kafka;
    private final Clock clock;

    DeadLettersBean(ReplayRuns runs, DeadLetterCounts counts, CamelContext camel, KafkaSettings kafka, Clock clock) {
        this.runs = runs;
        this.counts = counts;
        this.camel = camel;
        this.kafka = kafka;
        this.clock = clock;
    }

    /** By reason; empty while nothing has been counted. */
    @ManagedAttribute(description = "How many dead letters of each reason the topic has; at most some 10 s old")
    public Map<String, Long> getCounts() {
        return new TreeMap<>(counts.byReason());
    }

    @ManagedAttribute(description = "When the dead letters were counted, in UTC")
    public String getCountedAt() {
        Instant at = counts.countedAt();
        return at == null ? "not yet; look again in a moment" : Moment.words(at);
    }

    @ManagedAttribute(description = "The topic that has the dead letters of all processes")
    public String getTopic() {
        return kafka.deadLetterTopic();
    }

    @ManagedAttribute(description = "How far the replay of this process is, or how the last one ended")
    public String getProgress() {
        return runs.progress();
    }

    @ManagedAttribute(description = "Whether a replay runs in this process")
    public boolean isReplaying() {
        return runs.isRunning();
    }

    /** What {@link #replay} would do; empty parameters do not narrow. */
    @ManagedOperation(description = "Says how many events would be put back, and why others would not")
    @ManagedOperationParameter(name = "reason", description = "One or several with commas, such as relays-exhausted")
    @ManagedOperationParameter(name = "since", description = "30m, 2h, 7d ago or a time in UTC; empty: all")
    @ManagedOperationParameter(name = "until", description = "The same; empty: now")
    @ManagedOperationParameter(name = "type", description = "Type of the event; empty: all")
    @ManagedOperationParameter(name = "recipient", description = "An address, or a domain as @example.com; empty: all")
    public String dryRun(String reason, String since, String until, String type, String recipient) {
        try {
            return runs.plan(order(reason, since, until, type, recipient)).words(runs.topic());
        } catch (IOException | IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Starts a replay; empty parameters do not narrow. */
    @ManagedOperation(description = "Starts the route replay-dead-letters, which puts these events back; see Progress")
    @ManagedOperationParameter(name = "reason", description = "One or several with commas, such as relays-exhausted")
    @ManagedOperationParameter(name = "since", description = "30m, 2h, 7d ago or a time in UTC; empty: all")
    @ManagedOperationParameter(name = "until", description = "The same; empty: now")
    @ManagedOperationParameter(name = "type", description = "Type of the event; empty: all")
    @ManagedOperationParameter(name = "recipient", description = "An address, or a domain as @example.com; empty: all")
    public synchronized String replay(String reason, String since, String until, String type, String recipient) {
        if (camel.getRoute(ROUTE) == null) {
            return "There is no route " + ROUTE + "; take replay.camel.yaml back into the folder of routes.";
        }
        if (runs.isRunning() || camel.getRouteController().getRouteStatus(ROUTE) == ServiceStatus.Started) {
            return "A replay runs already. " + runs.progress();
        }
        try {
            runs.order(order(reason, since, until, type, recipient));
            camel.getRouteController().startRoute(ROUTE);
            return "The replay has begun; Progress says how far it is.";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        } catch (Exception e) {
            return "The route " + ROUTE + " could not be started: " + Plain.text(e.getMessage());
        }
    }

    /** Ends a replay in good order. */
    @ManagedOperation(
            description = "Stops the replay; what is back already stays, the next one goes on with the others")
    public String stop() {
        if (!runs.isRunning()) {
            return "No replay runs in this process.";
        }
        try {
            camel.getRouteController().stopRoute(ROUTE);
            return runs.progress();
        } catch (Exception e) {
            return "The route " + ROUTE + " could not be stopped: " + Plain.text(e.getMessage());
        }
    }

    private ReplayOrder order(String reason, String since, String until, String type, String recipient) {
        return new ReplayOrder(
                DeadLetterFilter.of(List.of(reason), since, until, type, recipient, List.of(), clock), false, false);
    }
}
