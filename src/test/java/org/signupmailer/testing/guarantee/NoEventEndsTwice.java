package org.signupmailer.testing.guarantee;

import java.util.List;
import java.util.Map;

/** What was mailed is no dead letter, and nothing is a dead letter twice. */
public final class NoEventEndsTwice extends Guarantee {

    @Override
    List<String> breachesIn(Outcome outcome) {
        Map<String, Integer> mails = outcome.mailsPerId();
        return outcome.deadLettersPerId().entrySet().stream()
                .filter(letters -> outcome.publishedIds().contains(letters.getKey()))
                .filter(letters -> letters.getValue() > 1 || mails.containsKey(letters.getKey()))
                .map(letters -> letters.getKey() + " has " + letters.getValue() + " dead letters and "
                        + mails.getOrDefault(letters.getKey(), 0) + " mails")
                .toList();
    }
}
