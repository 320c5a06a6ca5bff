package org.signupmailer.testing.smtp;

/** How a connection to the server is secured. */
public enum TlsMode {
    /** Never: STARTTLS is not offered. */
    NONE,
    /** By STARTTLS, which is required: MAIL without it is refused with 530, AUTH with 538. */
    STARTTLS,
    /** From the first byte, as on port 465 (RFC 8314). */
    IMPLICIT
}
