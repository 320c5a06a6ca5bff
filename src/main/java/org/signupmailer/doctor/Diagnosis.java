package org.signupmailer.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that was found out about one relay.
 *
 * @param relay    its name
 * @param provider for people; null: unknown
 * @param steps    in the order in which they were made; nothing follows a failed one
 * @param failure  why no mail goes out; null: it does
 * @param advice   what could be better though mail goes out, the weightiest first
 * @param took     from beginning to end
 */
record Diagnosis(
        String relay,
        String host,
        @Nullable String provider,
        List<StepResult> steps,
        @Nullable Finding failure,
        List<Finding> advice,
        Duration took) {

    Diagnosis {
        steps = List.copyOf(steps);
        advice = List.copyOf(advice);
    }

    /** The same for a relay without a name. */
    Diagnosis byHost() {
        return new Diagnosis(host, host, provider, steps, failure, advice, took);
    }

    Diagnosis advising(List<Finding> more) {
        List<Finding> all = new ArrayList<>(more);
        all.addAll(advice);
        return new Diagnosis(relay, host, provider, steps, failure, all, took);
    }

    boolean couldSend() {
        return failure == null;
    }
}
