package org.signupmailer.management;

import org.springframework.security.core.AuthenticationException;

/** This login was not looked at: too many went wrong shortly before. */
final class TooManyAttempts extends AuthenticationException {

    private final long seconds;

    /** @param seconds after which the next one is looked at, at least 1 */
    TooManyAttempts(long seconds) {
        super("Too many logins went wrong");
        this.seconds = seconds;
    }

    long seconds() {
        return seconds;
    }
}
