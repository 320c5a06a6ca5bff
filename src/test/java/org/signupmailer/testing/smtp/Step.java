package org.signupmailer.testing.smtp;

import org.jspecify.annotations.Nullable;

/**
 * What a client just did, as a script's condition sees it.
 *
 * @param phase where the conversation is
 * @param command the command line; empty when the phase has none, and without credentials for {@link Phase#AUTH}
 * @param sender the envelope sender, from {@link Phase#MAIL} on; empty for the null sender
 * @param recipient the recipient that this RCPT names; null in every other phase
 * @param user who logged in or, at {@link Phase#AUTH}, who tries to; null when nobody did
 * @param connection the number of the connection, counted from 1
 * @param mailsOnConnection how many mails this connection has had accepted
 * @param openConnections how many connections are open now, this one included
 */
public record Step(
        Phase phase,
        String command,
        @Nullable String sender,
        @Nullable String recipient,
        @Nullable String user,
        int connection,
        int mailsOnConnection,
        int openConnections) {}
