package org.signupmailer.relay;

import jakarta.mail.MessagingException;

/** This relay did not take the mail and another one may: the routes' {@code onException} hands it to the next. */
public final class RelayFailure extends MessagingException {

    private static final long serialVersionUID = 1L;

    private final String relay;

    RelayFailure(String relay, String message) {
        super(message);
        this.relay = relay;
    }

    /** The name of the relay that failed. */
    public String relay() {
        return relay;
    }

    // An expected event, thrown for every mail while a relay is down: its stack says nothing and costs a lot.
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }
}
