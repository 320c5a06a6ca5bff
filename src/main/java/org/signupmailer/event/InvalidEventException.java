package org.signupmailer.event;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A record that is not a valid event. Trying again will not help: it belongs in the dead letters.
 *
 * <p>What is known of the event is given as far as it can be trusted: bounded and without control characters, though
 * not necessarily valid. The message holds no value from the event.
 */
public final class InvalidEventException extends Exception {

    private static final long serialVersionUID = 1L;
    private static final int VIOLATIONS_IN_MESSAGE = 10;

    private final transient List<Violation> violations;
    private final @Nullable String eventId;
    private final @Nullable String eventType;
    private final @Nullable String recipient;

    InvalidEventException(
            List<Violation> violations,
            @Nullable String eventId,
            @Nullable String eventType,
            @Nullable String recipient) {
        super(summary(violations));
        this.violations = List.copyOf(violations);
        this.eventId = eventId;
        this.eventType = eventType;
        this.recipient = recipient;
    }

    /** Everything that is wrong, at least one. */
    public List<Violation> violations() {
        return violations;
    }

    /** The event's id, at most 256 characters; null when there is none that can be shown. */
    public @Nullable String eventId() {
        return eventId;
    }

    /** What the event said its type is, at most 128 characters; null when there is none that can be shown. */
    public @Nullable String eventType() {
        return eventType;
    }

    /** What the event gave as the recipient's address, at most 254 characters; null when nothing can be shown. */
    public @Nullable String recipient() {
        return recipient;
    }

    private static String summary(List<Violation> violations) {
        String listed = violations.stream()
                .limit(VIOLATIONS_IN_MESSAGE)
                .map(violation -> violation.pointer().isEmpty()
                        ? violation.message()
                        : violation.pointer() + ": " + violation.message())
                .collect(Collectors.joining("; "));
        int more = violations.size() - VIOLATIONS_IN_MESSAGE;
        return "Not a valid event: " + listed + (more > 0 ? "; and " + more + " more" : "");
    }
}
