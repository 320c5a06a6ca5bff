package org.signupmailer.dev;

import java.time.Instant;
import java.util.List;

/**
 * A mail that a relay of the development run took. Texts are decoded and unescaped: whoever shows them escapes them.
 *
 * @param number counts from 1 in the order of arrival
 * @param refusals what other relays said before this one took the mail, in order
 * @param source the mail as it came over the wire
 */
record InboxMail(
        int number,
        Instant arrived,
        String relay,
        List<Attempt> refusals,
        String recipient,
        MailContent content,
        String source) {}
