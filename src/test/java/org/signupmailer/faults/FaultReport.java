package org.signupmailer.faults;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.signupmailer.testing.guarantee.Guarantee;
import org.signupmailer.testing.guarantee.Mailed;
import org.signupmailer.testing.guarantee.Outcome;

/**
 * What came of one scenario, as a row of the table.
 *
 * @param order where the row belongs
 * @param retried how often an event was put on a retry topic
 * @param slowest the longest time from publishing to a relay's acceptance, in milliseconds
 * @param held the guarantees that were held against it
 * @param leftOut why a guarantee was not, or is weaker; empty when all were
 */
record FaultReport(
        String order,
        String scenario,
        String done,
        Outcome outcome,
        int retried,
        long slowest,
        List<Guarantee> held,
        String leftOut) {

    String row() {
        Map<String, Integer> relays = new TreeMap<>();
        outcome.mails().forEach(mail -> relays.merge(mail.relay(), 1, Integer::sum));
        Map<String, Integer> reasons = new TreeMap<>();
        outcome.deadLetters().forEach(letter -> reasons.merge(letter.reason(), 1, Integer::sum));
        long accepted = outcome.mails().stream().map(Mailed::id).distinct().count();
        return "| "
                + String.join(
                        " | ",
                        scenario,
                        done,
                        String.valueOf(outcome.published().size()),
                        String.valueOf(accepted),
                        counts(relays),
                        counts(reasons),
                        String.valueOf(retried),
                        String.valueOf(outcome.mails().size() - accepted),
                        String.valueOf(slowest),
                        "all " + held.size() + (leftOut.isEmpty() ? "" : "; " + leftOut))
                + " |";
    }

    private static String counts(Map<String, Integer> counts) {
        return counts.isEmpty()
                ? "-"
                : counts.entrySet().stream()
                        .map(entry -> entry.getKey() + ": " + entry.getValue())
                        .collect(Collectors.joining(", "));
    }
}
