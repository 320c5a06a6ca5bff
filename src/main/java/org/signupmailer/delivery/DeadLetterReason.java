package org.signupmailer.delivery;

import java.util.Locale;

/** Why an event will not be sent. */
public enum DeadLetterReason {
    /** It is not a CloudEvent of a known type, or its data breaks the schema. */
    INVALID_EVENT,
    /** Its {@code expiresAt} is over: a dead code is never mailed. */
    EXPIRED,
    /** A newer event of the same type for the same recipient has been read. */
    SUPERSEDED,
    /** The template could not be rendered. */
    TEMPLATE_ERROR,
    /** A relay says that the recipient does not exist. */
    RECIPIENT_REJECTED,
    /** A relay will not take this mail, whoever sends it. */
    MESSAGE_REJECTED,
    /** No relay took it. */
    RELAYS_EXHAUSTED;

    /** The word in the dead-letter log, in metrics and in filters: {@code relays-exhausted}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
