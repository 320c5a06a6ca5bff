package org.signupmailer.delivery;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.apache.camel.Exchange;
import org.signupmailer.relay.Attempt;
import org.signupmailer.relay.FailureClass;
import org.signupmailer.relay.SmtpReply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is behind the last relay of the chain. In routes: bean {@code chainEnd}. */
public final class ChainEnd {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer.events");

    // Long enough not to spin while an operator has stopped the routes of the relays that work.
    private static final Duration BEFORE_NEXT_PASS = Duration.ofSeconds(1);

    private static final Duration WITHOUT_RETRY_TOPIC = Duration.ofSeconds(5);

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
     */
    public void noRelayTookIt(Exchange exchange) throws Undeliverable {
        Delivery delivery = Delivery.of(exchange);
        boolean passing = delivery.attemptsSinceRead().stream()
                .anyMatch(attempt ->
                        attempt.failure() == FailureClass.PASSING || attempt.failure() == FailureClass.UNCERTAIN);
        if (!passing) {
            delivery.postpone(clock.instant().plus(BEFORE_NEXT_PASS));
        } else if (!isScheduled(delivery)) {
            throw new Undeliverable(DeadLetterReason.RELAYS_EXHAUSTED, story(delivery.attempts()));
        }
    }

    // While Kafka does not take the retry, the event waits here: that is no reason to give it up.
    private boolean isScheduled(Delivery delivery) {
        try {
            Duration after = retries.schedule(delivery);
            if (after == null) {
                return false;
            }
            delivery.markRetried(after);
        } catch (IOException e) {
            LOG.error(
                    "The retry of {} can't be written. The event stays in Kafka and the relays are asked again in {} s: {}",
                    delivery,
                    WITHOUT_RETRY_TOPIC.toSeconds(),
                    e.getMessage());
            delivery.postpone(clock.instant().plus(WITHOUT_RETRY_TOPIC));
        }
        return true;
    }

    static String story(List<Attempt> attempts) {
        if (attempts.isEmpty()) {
            return "No relay was asked: none in the chain is configured and running";
        }
        Attempt last = attempts.get(attempts.size() - 1);
        return "No relay took it in " + number(attempts) + "; the last was " + failure(last, SmtpReply::masked);
    }

    static String number(List<Attempt> attempts) {
        return attempts.size() + (attempts.size() == 1 ? " attempt" : " attempts");
    }

    /** @param told what is said of the relay's reply, if there was one */
    static String failure(Attempt attempt, Function<SmtpReply, ?> told) {
        SmtpReply reply = attempt.reply();
        return "\"" + attempt.relay() + "\" failed " + attempt.phase().words() + ": "
                + (reply == null ? attempt.detail() : told.apply(reply));
    }
}
