package org.signupmailer.relay;

import java.util.Locale;

/** How a connection to a relay is protected. Host names are verified in both encrypted modes. */
public enum TlsMode {
    /** TLS from the first byte (RFC 8314). */
    IMPLICIT,
    /** Plain greeting, then STARTTLS, which is required: a relay that does not offer it gets no mail (RFC 3207). */
    STARTTLS,
    /** No encryption; only towards the same machine, or where the operator says so. */
    NONE;

    /** The word in settings: {@code implicit}, {@code starttls}, {@code none}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
