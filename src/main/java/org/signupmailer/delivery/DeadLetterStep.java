package org.signupmailer.delivery;

import java.io.IOException;
import org.apache.camel.Exchange;
import org.signupmailer.relay.FailureClass;
import org.signupmailer.relay.MailRefused;

/** The step that ends an event as a dead letter. In routes: bean {@code deadLetter}. */
public final class DeadLetterStep {

    private final DeadLetterStore store;

    DeadLetterStep(DeadLetterStore store) {
        this.store = store;
    }

    /** Takes the reason from what brought the exchange here. */
    public void write(Exchange exchange) throws IOException {
        Delivery delivery = Delivery.of(exchange);
        Throwable cause = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
        store.write(delivery, reason(cause), detail(delivery, cause));
    }

    static DeadLetterReason reason(Throwable cause) {
        if (cause instanceof Undeliverable undeliverable) {
            return undeliverable.reason();
        }
        if (cause instanceof MailRefused refused) {
            return refused.failure() == FailureClass.RECIPIENT
                    ? DeadLetterReason.RECIPIENT_REJECTED
                    : DeadLetterReason.MESSAGE_REJECTED;
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
