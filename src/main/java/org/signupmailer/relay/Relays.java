package org.signupmailer.relay;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.component.mail.JavaMailSender;

/** The configured relays in their order, each as the bean {@code relay-<name>} that the routes send through. */
public final class Relays implements AutoCloseable {

    private static final String BEAN_PREFIX = "relay-";
    /** The relays of {@code SMTP_*}, {@code SMTP_2_*} and {@code SMTP_3_*}: routes may name them all, configured or not. */
    public static final List<String> SHORT_NAMES = List.of("primary", "secondary", "tertiary");

    private final List<Relay> relays;
    private final Map<String, JavaMailSender> senders = new LinkedHashMap<>();
    private final List<RelayGate> gates = new ArrayList<>();
    private final List<RelayControl> controls = new ArrayList<>();
    private final ScheduledExecutorService scheduler;
    private final SmtpLoop loop = new SmtpLoop();
    private final Object waiting = new Object();

    public Relays(
            List<Relay> relays,
            TlsSockets tls,
            FailureClassifier classifier,
            UncertainMail uncertain,
            MeterRegistry registry,
            Clock clock) {
        this.relays = List.copyOf(relays);
        this.scheduler = Executors.newScheduledThreadPool(Math.max(1, relays.size()), task -> {
            Thread thread = new Thread(task, "relay-probes");
            thread.setDaemon(true);
            return thread;
        });
        for (String name : SHORT_NAMES) {
            senders.put(name, new UnconfiguredRelay(name));
        }
        RelayMeters meters = new RelayMeters(registry);
        for (Relay relay : relays) {
            RelaySender sender = new RelaySender(
                    relay,
                    tls,
                    loop,
                    classifier,
                    uncertain,
                    meters,
                    clock,
                    scheduler,
                    this::wakeWhoWaits,
                    RelayGate.SLOW);
            senders.put(relay.name(), sender);
            gates.add(sender.gate());
            controls.add(sender.control());
        }
    }

    public List<Relay> all() {
        return relays;
    }

    /** The same relays in the same order, for operators to watch and steer. */
    public List<RelayControl> controls() {
        return List.copyOf(controls);
    }

    /** Whether at least one relay may be asked now. */
    public boolean anyAvailable() {
        return gates.stream().anyMatch(RelayGate::available);
    }

    /**
     * Waits until a relay may be asked, or the time is over.
     *
     * @return whether one may be asked
     */
    public boolean awaitAvailable(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        synchronized (waiting) {
            while (!anyAvailable()) {
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                // A rest ends with the clock, which notifies nobody.
                waiting.wait(Math.min(left, 200));
            }
            return true;
        }
    }

    private void wakeWhoWaits() {
        synchronized (waiting) {
            waiting.notifyAll();
        }
    }

    /** Makes each relay known to the routes by its bean name. */
    public void bindTo(CamelContext context) {
        senders.forEach((name, sender) -> context.getRegistry().bind(BEAN_PREFIX + name, sender));
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
        for (JavaMailSender sender : senders.values()) {
            if (sender instanceof RelaySender relay) {
                relay.close();
            }
        }
        loop.close();
    }
}
