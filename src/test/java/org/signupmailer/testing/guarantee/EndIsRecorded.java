package org.signupmailer.testing.guarantee;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.kafka.EmbeddedKafka;

/** Each event that was mailed or is a dead letter has a record in the ledger, which other processes and audits read. */
public final class EndIsRecorded extends Guarantee {

    private final EmbeddedKafka kafka;
    private final String ledgerTopic;

    /** @param ledgerTopic of the application under test */
    public EndIsRecorded(EmbeddedKafka kafka, String ledgerTopic) {
        this.kafka = kafka;
        this.ledgerTopic = ledgerTopic;
    }

    @Override
    List<String> breachesIn(Outcome outcome) {
        Set<String> missing = new TreeSet<>(outcome.mailsPerId().keySet());
        missing.addAll(outcome.deadLettersPerId().keySet());
        missing.retainAll(outcome.publishedIds());
        try {
            // A mail is seen a moment before its end is written.
            Awaitility.await("the ledger has all ends")
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(100))
                    .atMost(SignupMailer.PATIENCE)
                    .until(() -> {
                        missing.removeAll(recorded());
                        return missing.isEmpty();
                    });
        } catch (ConditionTimeoutException e) {
            return missing.stream()
                    .map(id -> id + " has an end and no record in " + ledgerTopic)
                    .toList();
        }
        return List.of();
    }

    private Set<String> recorded() {
        return kafka.records(ledgerTopic).stream()
                .map(record -> String.valueOf(record.key()))
                .collect(Collectors.toCollection(HashSet::new));
    }
}
