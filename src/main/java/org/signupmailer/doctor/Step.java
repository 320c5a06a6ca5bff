package org.signupmailer.doctor;

import java.util.Locale;

/** What is looked at, in the order in which it is told. */
enum Step {
    SETTINGS,
    DNS,
    /** All ports of the relay at once. */
    TCP,
    GREETING,
    TLS,
    EHLO,
    AUTH,
    SENDER,
    RECIPIENT,
    TEST_MAIL,
    /** The sender's domain in DNS: advice only. */
    DOMAIN;

    /** As in the doctor's files and JSON. */
    String id() {
        return name().toLowerCase(Locale.ROOT);
    }
}
