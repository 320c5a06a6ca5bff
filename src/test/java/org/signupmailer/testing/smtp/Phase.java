package org.signupmailer.testing.smtp;

/** A step of an SMTP conversation at which a script can make the server misbehave, in the order of RFC 5321. */
public enum Phase {
    /** The connection was just accepted: before implicit TLS and before the greeting. */
    CONNECT,
    /** The server's first line; with implicit TLS after the handshake. */
    GREETING,
    /** EHLO or HELO. */
    EHLO,
    /** STARTTLS; a positive answer is followed by the handshake. */
    STARTTLS,
    /** The outcome of AUTH, once the client has given its credentials. */
    AUTH,
    /** MAIL FROM. */
    MAIL,
    /** RCPT TO, once per recipient. */
    RCPT,
    /** The DATA command, before the mail. */
    DATA,
    /** While the mail is transferred, after 354 and before the final dot. */
    DATA_BODY,
    /** After the final dot: the answer that says whether the mail was accepted. */
    DATA_END,
    /** RSET. */
    RSET,
    /** NOOP. */
    NOOP,
    /** QUIT. */
    QUIT
}
