package org.signupmailer.relay;

import jakarta.mail.MessagingException;

/**
 * No other relay is to be asked: the mail itself or its recipient was refused, or nobody knows whether it was accepted and
 * the operator wants no mail twice.
 */
public final class MailRefused extends MessagingException {

    private static final long serialVersionUID = 1L;

    private final FailureClass failure;

    MailRefused(FailureClass failure, String message) {
        super(message);
        this.failure = failure;
    }

    /** {@link FailureClass#RECIPIENT}, {@link FailureClass#MESSAGE} or {@link FailureClass#UNCERTAIN}. */
    public FailureClass failure() {
        return failure;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
