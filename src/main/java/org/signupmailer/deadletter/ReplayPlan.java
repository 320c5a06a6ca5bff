package org.signupmailer.deadletter;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.signupmailer.topic.Plain;

/**
 * What a replay would do, told before it does anything.
 *
 * @param since from where the topic is to be read for it; null: from its beginning
 * @param chosen where the dead letters stand whose events are put back
 * @param reasons how many of each reason are put back
 * @param refused how many are not, and why
 * @param complete false when it was stopped meanwhile
 */
record ReplayPlan(
        @Nullable Instant since,
        Set<DeadLetterReader.Place> chosen,
        Map<String, Integer> reasons,
        Map<Refusal, Integer> refused,
        boolean complete) {

    ReplayPlan {
        chosen = Set.copyOf(chosen);
        reasons = new TreeMap<>(reasons);
        refused = new TreeMap<>(refused);
    }

    int matched() {
        return chosen.size()
                + refused.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** {@code 12 relays-exhausted, 3 template-error}. */
    static String count(Map<String, Integer> reasons) {
        StringBuilder words = new StringBuilder();
        new LinkedHashMap<>(reasons).forEach((reason, count) -> words.append(words.isEmpty() ? "" : ", ")
                .append(count)
                .append(' ')
                .append(Plain.text(reason)));
        return words.toString();
    }

    /** All of it in words, a sentence a line. */
    String words(String topic) {
        if (matched() == 0) {
            return "No dead letter matches.";
        }
        StringBuilder words = new StringBuilder();
        words.append(matched()).append(matched() == 1 ? " event matches." : " events match.");
        refused.forEach((why, count) -> words.append("\n  ").append(why.sentence(count)));
        words.append('\n');
        if (chosen.isEmpty()) {
            return words.append("Nothing is left to be put back.").toString();
        }
        return words.append(chosen.size())
                .append(chosen.size() == 1 ? " event" : " events")
                .append(" to be put back onto ")
                .append(topic)
                .append(": ")
                .append(count(reasons))
                .append('.')
                .toString();
    }
}
