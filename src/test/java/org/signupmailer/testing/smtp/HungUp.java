package org.signupmailer.testing.smtp;

import java.io.IOException;

/** The conversation is over and nothing is left to be said: by script, or because the client is gone. */
final class HungUp extends IOException {

    private static final long serialVersionUID = 1L;

    HungUp(String how) {
        super(how);
    }
}
