package org.signupmailer.relay;

/** Whose fault a failed attempt is, which says what happens to the mail and to the relay. */
public enum FailureClass {
    /** The recipient's: dead letter {@code recipient-rejected} at once; the relay isn't blamed, no other is tried. */
    RECIPIENT,
    /** The mail's: dead letter {@code message-rejected}; the relay isn't blamed, no other is tried. */
    MESSAGE,
    /**
     * The relay's or its account's, until somebody changes something: next relay now; this one rests until its settings
     * change or a long cool-down is over; operators are told.
     */
    LASTING,
    /** A used-up daily or monthly limit: next relay now; this one rests until the limit resets. */
    QUOTA,
    /** The relay's, soon over: next relay now; counts against the relay's circuit breaker. */
    PASSING,
    /**
     * Nobody knows whether the mail was accepted: sent again with the same Message-ID or a dead letter, as the operator
     * chose; counted as uncertain.
     */
    UNCERTAIN
}
