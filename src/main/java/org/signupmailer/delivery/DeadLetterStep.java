package org.signupmailer.delivery;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.signupmailer.relay.MailRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The step that ends an event as a dead letter. In routes: bean {@code deadLetter}. */
public final class DeadLetterStep {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer.events");

    private final DeadLetterStore store;

    DeadLetterStep(DeadLetterStore store) {
        this.store = store;
    }

    /**
     * Takes the reason from what brought the exchange here. Where the dead letter can't be written now, the event keeps
     * its reason and waits in Kafka until it can be.
     */
    public void write(Exchange exchange) {
        Delivery delivery = Delivery.of(exchange);
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        try {
            store.write(delivery, reason(cause), detail(delivery, cause));
        } catch (IOException e) {
            LOG.error("The dead letter of {} can't be written at the first try: {}", delivery, e.getMessage());
            delivery.refuse(new Undeliverable(reason(cause), detail(delivery, cause)));
        }
    }

    static DeadLetterReason reason(Throwable cause) {
        if (cause instanceof Undeliverable undeliverable) {
            return undeliverable.reason();
        }
        if (cause instanceof MailRefused refused) {
            return switch (refused.failure()) {
                case RECIPIENT -> DeadLetterReason.RECIPIENT_REJECTED;
                case MESSAGE -> DeadLetterReason.MESSAGE_REJECTED;
                case LASTING, QUOTA, PASSING, UNCERTAIN -> DeadLetterReason.RELAYS_EXHAUSTED;
            };
        }
        return DeadLetterReason.RELAYS_EXHAUSTED;
    }

    private static String detail(Delivery delivery, Throwable cause) {
        if (cause instanceof Undeliverable || cause instanceof MailRefused) {
            return String.valueOf(cause.getMessage());
        }
        return ChainEnd.story(delivery.attempts());
    }
}
