package org.signupmailer.testing.guarantee;

import java.util.List;
import java.util.Set;
import org.signupmailer.testing.DeadLetterLine;

/** A dead letter says why, in one of the known words and in a sentence, and has the event in it. */
public final class NoDeadLetterWithoutReason extends Guarantee {

    private static final Set<String> REASONS = Set.of(
            "invalid-event",
            "expired",
            "superseded",
            "template-error",
            "recipient-rejected",
            "message-rejected",
            "relays-exhausted");

    @Override
    List<String> breachesIn(Outcome outcome) {
        return outcome.deadLetters().stream()
                .filter(letter -> !isComplete(letter))
                .map(letter -> "this one is not complete: " + letter)
                .toList();
    }

    private static boolean isComplete(DeadLetterLine letter) {
        boolean refused = letter.reason().endsWith("-rejected");
        return REASONS.contains(letter.reason())
                && !letter.detail().isBlank()
                && letter.json().path("original").hasNonNull("offset")
                && (!refused || !letter.replies().isEmpty());
    }
}
