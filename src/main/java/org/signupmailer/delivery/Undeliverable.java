package org.signupmailer.delivery;

/** This event will not be sent: the routes hand it to the dead letters. */
public final class Undeliverable extends Exception {

    private static final long serialVersionUID = 1L;

    private final DeadLetterReason reason;

    /**
     * Ends the event for a reason.
     *
     * @param detail one sentence for the operator, without codes, links or whole addresses
     */
    public Undeliverable(DeadLetterReason reason, String detail) {
        super(detail);
        this.reason = reason;
    }

    public DeadLetterReason reason() {
        return reason;
    }

    // An expected end of an event; where in the code it was noticed helps nobody.
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
