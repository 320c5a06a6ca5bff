package org.signupmailer.doctor;

import org.jspecify.annotations.Nullable;

/**
 * How far an examination goes.
 *
 * @param envelope whether the sender is asked about, and {@code to}
 * @param sender   whether the relay's sender is one that somebody chose
 * @param to       a recipient to ask about; null: none
 * @param testMail whether a mail is really sent to {@code to}
 * @param domain   whether DNS is asked about the sender's domain
 */
record Plan(boolean envelope, boolean sender, @Nullable String to, boolean testMail, boolean domain) {

    /** Everything up to the recipient; nothing is sent. */
    static final Plan FULL = new Plan(true, true, null, false, true);

    /** As far as the login. */
    static final Plan QUICK = new Plan(false, true, null, false, false);

    Plan {
        if (testMail && to == null) {
            throw new IllegalArgumentException("a test mail needs a recipient");
        }
    }
}
