package org.signupmailer.testing.smtp;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Who a client says it is; printed without the password. */
record Credentials(String user, String password) {

    /** The message of AUTH PLAIN (RFC 4616): authorization identity, NUL, user, NUL, password; null when it is not one. */
    static @Nullable Credentials ofPlain(String base64) {
        String text = decode(base64);
        if (text == null) {
            return null;
        }
        String[] parts = text.split("\0", -1);
        return parts.length == 3 ? new Credentials(parts[1], parts[2]) : null;
    }

    static @Nullable String decode(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return "credentials of a user";
    }
}
