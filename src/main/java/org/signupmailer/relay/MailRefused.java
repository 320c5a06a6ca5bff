package org.signupmailer.relay;

import jakarta.mail.MessagingException;

/** The mail itself, or its recipient, was refused: no relay is to blame and no other is to be asked. */
public final class MailRefused extends MessagingException {

    private static final long serialVersionUID = 1L;

    private final FailureClass failure;

    MailRefused(FailureClass failure, String message) {
        super(message);
        this.failure = failure;
    }

    /** {@link FailureClass#RECIPIENT} or {@link FailureClass#MESSAGE}. */
    public FailureClass failure() {
        return failure;
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
