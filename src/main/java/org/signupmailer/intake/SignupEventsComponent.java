package org.signupmailer.intake;

import java.time.Clock;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.support.DefaultComponent;
import org.signupmailer.delivery.DeliveryEnd;
import org.signupmailer.delivery.NewestEvents;
import org.signupmailer.event.EventReader;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.ledger.Ledger;
import org.signupmailer.relay.Relays;
import org.signupmailer.retry.RetryTopics;

/**
 * The Camel component {@code signup-events:}: {@code from: signup-events:TOPIC} brings the events of a Kafka topic into
 * a route, many at a time, one recipient's in order, and commits their offsets behind ended events only.
 * docs/decisions/0002 says why this is not {@code kafka:}.
 */
final class SignupEventsComponent extends DefaultComponent {

    private final Parts parts;

    /**
     * What an endpoint works with.
     *
     * @param news takes {@link ReadingBegan} and {@link LoadChanged}
     */
    record Parts(
            KafkaSettings settings,
            EventReader reader,
            RetryTopics retries,
            NewestEvents newest,
            Ledger ledger,
            Relays relays,
            DeliveryEnd end,
            Clock clock,
            Consumer<Object> news) {}

    SignupEventsComponent(Parts parts) {
        this.parts = parts;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        return new SignupEventsEndpoint(uri, this, remaining);
    }

    Parts parts() {
        return parts;
    }
}
