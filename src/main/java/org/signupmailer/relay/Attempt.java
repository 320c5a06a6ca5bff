package org.signupmailer.relay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try to hand one mail to one relay, as it is told in the dead-letter log.
 *
 * @param relay the relay's name
 * @param host the host that was asked
 * @param port the port that was asked; 0 when none was reached for
 * @param phase how far the conversation came
 * @param reply the relay's reply, bounded and without control characters; null when there was none
 * @param failure why the attempt failed; null when the relay accepted the mail
 * @param detail what went wrong in words, without secrets; null when the relay accepted the mail
 * @param at when the attempt began
 * @param millis how long it took
 */
public record Attempt(
        String relay,
        String host,
        int port,
        SmtpPhase phase,
        @Nullable SmtpReply reply,
        @Nullable FailureClass failure,
        @Nullable String detail,
        Instant at,
        long millis) {

    public boolean accepted() {
        return failure == null;
    }
}
