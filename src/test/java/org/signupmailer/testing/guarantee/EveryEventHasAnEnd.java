package org.signupmailer.testing.guarantee;

import java.util.List;
import java.util.Map;

/** Nothing is lost: each event is mailed or a dead letter. */
public final class EveryEventHasAnEnd extends Guarantee {

    @Override
    List<String> breachesIn(Outcome outcome) {
        Map<String, Integer> mails = outcome.mailsPerId();
        Map<String, Integer> deadLetters = outcome.deadLettersPerId();
        return outcome.publishedIds().stream()
                .filter(id -> !mails.containsKey(id) && !deadLetters.containsKey(id))
                .map(id -> id + " has neither a mail nor a dead letter")
                .toList();
    }
}
