package org.signupmailer.doctor;

/** The first hard failure of a relay: what comes after it can't be looked at. It is on the {@link Chart} already. */
final class Halt extends Exception {

    private static final long serialVersionUID = 1L;

    Halt() {
        super("the examination ends here", null, false, false);
    }
}
