package org.signupmailer.deadletter;

import java.io.IOException;
import org.apache.camel.Exchange;

/** The step that puts an event back onto its topic. In routes: bean {@code replay}. */
public final class ReplayStep {

    static final String PLACE = "SignupMailerDeadLetterPlace";
    static final String LETTER = "SignupMailerDeadLetter";

    private final ReplayRuns runs;

    ReplayStep(ReplayRuns runs) {
        this.runs = runs;
    }

    /**
     * Puts back what {@code from: dead-letters:replay} brought.
     *
     * @throws IOException when the topic does not take it; the replay then ends
     */
    public void putBack(Exchange exchange) throws IOException {
        DeadLetterReader.Place place = exchange.getProperty(PLACE, DeadLetterReader.Place.class);
        DeadLetter letter = exchange.getProperty(LETTER, DeadLetter.class);
        if (place == null || letter == null) {
            throw new IllegalStateException(
                    "This step puts dead letters back: put it behind from: dead-letters:replay");
        }
        runs.putBack(place, letter);
    }
}
