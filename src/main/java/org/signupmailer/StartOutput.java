package org.signupmailer;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.signupmailer.doctor.StartCheck;
import org.signupmailer.event.Addresses;
import org.signupmailer.intake.ReadingBegan;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.relay.PortChoice;
import org.signupmailer.relay.ProviderPreset;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.Relays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Says once, in a few lines, what this process will do, and when it has begun to. */
@Component
final class StartOutput {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer");

    private final Relays relays;
    private final KafkaSettings kafka;
    private final StartCheck check;
    private boolean told;
    private boolean ready;
    private @Nullable ReadingBegan early;

    StartOutput(Relays relays, KafkaSettings kafka, StartCheck check) {
        this.check = check;
        this.relays = relays;
        this.kafka = kafka;
    }

    @EventListener
    synchronized void started(ApplicationStartedEvent event) {
        List<Relay> all = relays.all();
        for (int place = 1; place <= all.size(); place++) {
            LOG.info("Relay {} of {}: {}", place, all.size(), describe(all.get(place - 1)));
        }
        LOG.info(
                "Kafka: {}, topic {}, group {}, dead letters to {}",
                kafka.brokers(),
                kafka.topic(),
                kafka.group(),
                kafka.deadLetterTopic());
        told = true;
        if (early != null) {
            reading(early);
        }
    }

    @EventListener
    synchronized void reading(ReadingBegan began) {
        if (!told) {
            // The routes start before the application has; "Ready" is the last line all the same.
            early = began;
        } else if (ready) {
            LOG.info("Reading {} more of {}", partitions(began), began.topic());
        } else {
            ready = true;
            LOG.info(
                    "Ready: reading {} of {} after {} s",
                    partitions(began),
                    began.topic(),
                    String.format(
                            Locale.ROOT,
                            "%.1f",
                            ManagementFactory.getRuntimeMXBean().getUptime() / 1000.0));
            check.begin();
        }
    }

    private static String partitions(ReadingBegan began) {
        return began.partitions() == 1 ? "1 partition" : began.partitions() + " partitions";
    }

    static String describe(Relay relay) {
        String host = relay.host().indexOf(':') < 0 ? relay.host() : "[" + relay.host() + "]";
        String ports = relay.ports().stream().map(StartOutput::describe).collect(Collectors.joining(", then "));
        return relay.name() + ", " + host + ":" + ports + ", "
                + (relay.user() == null ? "no login" : "user " + Addresses.mask(relay.user())) + ", sender "
                + Addresses.mask(relay.from()) + ", up to " + relay.limits().maxConnections() + " connections"
                + limits(relay.preset());
    }

    private static String limits(@Nullable ProviderPreset preset) {
        return preset == null || preset.limits().mails().isEmpty()
                ? ""
                : ", limit "
                        + preset.limits().mails().stream()
                                .map(limit -> limit + (limit.when() == null ? "" : " (" + limit.when() + ")"))
                                .collect(Collectors.joining(", "));
    }

    private static String describe(PortChoice choice) {
        return choice.port()
                + switch (choice.tls()) {
                    case IMPLICIT -> " with TLS";
                    case STARTTLS -> " with STARTTLS";
                    case NONE -> " without TLS";
                };
    }
}
