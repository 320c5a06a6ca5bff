package org.signupmailer.delivery;

import java.util.List;
import org.apache.camel.Exchange;
import org.signupmailer.relay.Attempt;

/** What is behind the last relay of the chain. In routes: bean {@code chainEnd}. */
public final class ChainEnd {

    /**
     * Ends the event.
     *
     * @throws Undeliverable always: no relay took the mail
     */
    @SuppressWarnings("DoNotCallSuggester") // A route calls it.
    public void noRelayTookIt(Exchange exchange) throws Undeliverable {
        throw new Undeliverable(
                DeadLetterReason.RELAYS_EXHAUSTED, story(Delivery.of(exchange).attempts()));
    }

    static String story(List<Attempt> attempts) {
        if (attempts.isEmpty()) {
            return "No relay was asked: none in the chain is configured and running";
        }
        Attempt last = attempts.get(attempts.size() - 1);
        return "No relay took it in " + attempts.size() + (attempts.size() == 1 ? " attempt" : " attempts")
                + "; the last was \"" + last.relay() + "\" failed "
                + last.phase().words() + ": "
                + (last.reply() == null ? last.detail() : last.reply());
    }
}
