package org.signupmailer.intake;

import java.time.Clock;
import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.signupmailer.delivery.DeliveryEnd;
import org.signupmailer.event.EventReader;

/**
 * The Camel component {@code signup-events:}: {@code from: signup-events:TOPIC} brings the events of a Kafka topic into
 * a route, many at a time, one recipient's in order, and commits their offsets behind ended events only.
 * docs/decisions/0002 says why this is not {@code kafka:}.
 */
final class SignupEventsComponent extends DefaultComponent {

    private final KafkaSettings settings;
    private final EventReader reader;
    private final DeliveryEnd end;
    private final Clock clock;

    SignupEventsComponent(KafkaSettings settings, EventReader reader, DeliveryEnd end, Clock clock) {
        this.settings = settings;
        this.reader = reader;
        this.end = end;
        this.clock = clock;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new SignupEventsEndpoint(uri, this, remaining);
    }

    KafkaSettings settings() {
        return settings;
    }

    EventReader reader() {
        return reader;
    }

    DeliveryEnd end() {
        return end;
    }

    Clock clock() {
        return clock;
    }
}
