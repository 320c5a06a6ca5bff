package org.signupmailer.relay;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a relay did last, for operators. Of a failure it keeps the codes of the reply and what they mean, never the
 * reply's text: a relay writes what it likes there, a mail's link included.
 */
final class LastOutcome {

    private volatile @Nullable Instant accepted;
    private volatile @Nullable Failure failure;

    private record Failure(
            Instant at, SmtpPhase phase, @Nullable SmtpReply reply, Verdict verdict) {}

    void accepted(Instant at) {
        accepted = at;
    }

    void failed(Instant at, SmtpFailure failed, Verdict verdict) {
        failure = new Failure(at, failed.phase(), failed.reply(), verdict);
    }

    @Nullable
    Instant lastAccepted() {
        return accepted;
    }

    /** One sentence; null if nothing has failed yet. */
    @Nullable
    String lastFailure() {
        Failure last = failure;
        if (last == null) {
            return null;
        }
        Verdict verdict = last.verdict;
        StringBuilder words = new StringBuilder()
                .append(last.at.truncatedTo(ChronoUnit.SECONDS))
                .append(' ')
                .append(verdict.failureClass().name().toLowerCase(Locale.ROOT))
                .append(", ")
                .append(last.phase.words());
        SmtpReply reply = last.reply;
        if (reply != null) {
            words.append(": ").append(reply.codes());
        }
        words.append(". ").append(verdict.explanation());
        if (verdict.remedy() != null) {
            words.append(' ').append(verdict.remedy());
        }
        return words.toString();
    }
}
