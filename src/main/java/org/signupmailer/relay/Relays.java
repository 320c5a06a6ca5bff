package org.signupmailer.relay;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.component.mail.JavaMailSender;

/** The configured relays in their order, each as the bean {@code relay-<name>} that the routes send through. */
public final class Relays implements AutoCloseable {

    private static final String BEAN_PREFIX = "relay-";
    /** The relays of {@code SMTP_*}, {@code SMTP_2_*} and {@code SMTP_3_*}: the shipped routes name them all. */
    private static final List<String> SHORT_NAMES = List.of("primary", "secondary", "tertiary");

    private final List<Relay> relays;
    private final Map<String, JavaMailSender> senders = new LinkedHashMap<>();

    public Relays(
            List<Relay> relays, TlsSockets tls, FailureClassifier classifier, MeterRegistry registry, Clock clock) {
        this.relays = List.copyOf(relays);
        for (String name : SHORT_NAMES) {
            senders.put(name, new UnconfiguredRelay(name));
        }
        RelayMeters meters = new RelayMeters(registry);
        for (Relay relay : relays) {
            senders.put(relay.name(), new RelaySender(relay, tls, classifier, meters, clock));
        }
    }

    public List<Relay> all() {
        return relays;
    }

    /** Makes each relay known to the routes by its bean name. */
    public void bindTo(CamelContext context) {
        senders.forEach((name, sender) -> context.getRegistry().bind(BEAN_PREFIX + name, sender));
    }

    @Override
    public void close() {
        for (JavaMailSender sender : senders.values()) {
            if (sender instanceof RelaySender relay) {
                relay.close();
            }
        }
    }
}
