package org.signupmailer.relay;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An {@link Attempt} as JSON tells it: in dead letters, and in events that wait for another try. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AttemptStory(
        Instant at,
        String relay,
        String host,
        int port,
        String phase,
        @Nullable String reply,
        @Nullable String failure,
        @Nullable String detail,
        long millis) {

    /** Tells an attempt. */
    public static AttemptStory of(Attempt attempt) {
        FailureClass failure = attempt.failure();
        return new AttemptStory(
                attempt.at(),
                attempt.relay(),
                attempt.host(),
                attempt.port(),
                word(attempt.phase()),
                attempt.reply() == null ? null : attempt.reply().toString(),
                failure == null ? null : word(failure),
                attempt.detail(),
                attempt.millis());
    }

    /**
     * The attempt that was told.
     *
     * @throws IllegalArgumentException when phase or failure are no words of ours
     * @throws NullPointerException when it says not when, or at which relay
     */
    public Attempt attempt() {
        return new Attempt(
                Objects.requireNonNull(relay),
                Objects.requireNonNull(host),
                port,
                SmtpPhase.valueOf(constant(phase)),
                reply == null ? null : SmtpReply.parse(reply),
                failure == null ? null : FailureClass.valueOf(constant(failure)),
                detail,
                Objects.requireNonNull(at),
                millis);
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
