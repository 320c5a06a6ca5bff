package org.signupmailer.testing.guarantee;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.Assertions;
import org.signupmailer.testing.DeadLetterLine;

/**
 * What came of a scenario: {@code scenario.outcome().upholds(new EveryEventHasAnEnd(), new NoMailTwice())}.
 *
 * @param published every event, as often as it was published
 * @param mails every mail that any relay accepted
 * @param deadLetters every line of the dead-letter log
 */
public record Outcome(List<Published> published, List<Mailed> mails, List<DeadLetterLine> deadLetters) {

    public Outcome {
        published = List.copyOf(published);
        mails = List.copyOf(mails);
        deadLetters = List.copyOf(deadLetters);
    }

    /**
     * Holds the outcome against guarantees, all of them before it says which are broken.
     *
     * @throws AssertionError with what breaks them
     */
    public Outcome upholds(Guarantee... guarantees) {
        List<String> broken = new ArrayList<>();
        for (Guarantee guarantee : guarantees) {
            List<String> breaches = guarantee.breachesIn(this);
            if (!breaches.isEmpty()) {
                broken.add(guarantee + " is broken " + breaches.size() + " times: "
                        + breaches.stream().limit(20).collect(Collectors.joining("; ")));
            }
        }
        Assertions.assertThat(broken)
                .as("%d events, %d mails, %d dead letters", published.size(), mails.size(), deadLetters.size())
                .isEmpty();
        return this;
    }

    Set<String> publishedIds() {
        return published.stream().map(Published::id).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    Map<String, Integer> mailsPerId() {
        Map<String, Integer> mailsPerId = new HashMap<>();
        mails.forEach(mail -> mailsPerId.merge(mail.id(), 1, Integer::sum));
        return mailsPerId;
    }

    Map<String, Integer> deadLettersPerId() {
        Map<String, Integer> deadLettersPerId = new HashMap<>();
        deadLetters.forEach(letter -> deadLettersPerId.merge(String.valueOf(letter.id()), 1, Integer::sum));
        return deadLettersPerId;
    }
}
