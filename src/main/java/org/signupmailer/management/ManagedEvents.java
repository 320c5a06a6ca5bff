package org.signupmailer.management;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.signupmailer.intake.Reading;
import org.springframework.jmx.export.annotation.ManagedAttribute;
import org.springframework.jmx.export.annotation.ManagedResource;
import org.springframework.jmx.export.naming.SelfNaming;

/** The events in Hawtio and JMX: {@code org.signupmailer:type=Events}. */
@ManagedResource(description = "Events: how many ended how, and how reading goes")
public final class ManagedEvents implements SelfNaming {

    private final CamelContext camel;
    private final MeterRegistry registry;

    ManagedEvents(CamelContext camel, MeterRegistry registry) {
        this.camel = camel;
        this.registry = registry;
    }

    @Override
    public ObjectName getObjectName() throws MalformedObjectNameException {
        return new ObjectName("org.signupmailer:type=Events");
    }

    @ManagedAttribute(description = "Events that have ended since the start, by type and end")
    public Map<String, Long> getEnded() {
        Map<String, Long> ended = new TreeMap<>();
        for (Counter counter : registry.find("signup.mailer.events").counters()) {
            ended.merge(
                    counter.getId().getTag("type") + " " + counter.getId().getTag("end"),
                    Math.round(counter.count()),
                    Long::sum);
        }
        return ended;
    }

    @ManagedAttribute(description = "Whether events are read now, and if not, why not")
    public String getReading() {
        List<Reading> all = readings();
        return all.isEmpty()
                ? "stopped: no route reads events"
                : all.stream().map(Reading::state).collect(Collectors.joining("; "));
    }

    @ManagedAttribute(description = "Events that are read and have not ended")
    public int getInFlight() {
        return readings().stream().mapToInt(Reading::inFlight).sum();
    }

    @ManagedAttribute(description = "Events in this process that wait for their next try")
    public int getWaitingForRetry() {
        return readings().stream().mapToInt(Reading::waiting).sum();
    }

    @ManagedAttribute(description = "Events on this process's partitions that are not read yet")
    public String getLag() {
        long behind = readings().stream().mapToLong(Reading::behind).reduce(0, (a, b) -> a < 0 || b < 0 ? -1 : a + b);
        return behind < 0 ? "not known" : Long.toString(behind);
    }

    private List<Reading> readings() {
        return camel.getRoutes().stream()
                .map(Route::getConsumer)
                .filter(Reading.class::isInstance)
                .map(Reading.class::cast)
                .toList();
    }
}
