package org.signupmailer.delivery;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.signupmailer.relay.Attempt;
import org.signupmailer.relay.FailureClass;

/** What is behind the last relay of the chain. In routes: bean {@code chainEnd}. */
public final class ChainEnd {

    // Long enough not to spin while an operator has stopped the routes of the relays that work.
    private static final Duration BEFORE_NEXT_PASS = Duration.ofSeconds(1);

    private final RetryStore retries;
    private final Clock clock;

    ChainEnd(RetryStore retries, Clock clock) {
        this.retries = retries;
        this.clock = clock;
    }

    /**
     * Decides what becomes of a mail that no relay took. If a failure was passing, the event waits in a retry topic. If
     * no relay was there to be asked, or all that were asked rest now, it waits here and no attempt is used up.
     *
     * @throws Undeliverable when there is no time left for another try
     * @throws IOException when the retry can't be written
     */
    public void noRelayTookIt(Exchange exchange) throws Undeliverable, IOException {
        Delivery delivery = Delivery.of(exchange);
        boolean passing = delivery.attemptsSinceRead().stream()
                .anyMatch(attempt ->
                        attempt.failure() == FailureClass.PASSING || attempt.failure() == FailureClass.UNCERTAIN);
        if (!passing) {
            delivery.postpone(clock.instant().plus(BEFORE_NEXT_PASS));
        } else if (retries.schedule(delivery)) {
            delivery.markRetried();
        } else {
            throw new Undeliverable(DeadLetterReason.RELAYS_EXHAUSTED, story(delivery.attempts()));
        }
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
