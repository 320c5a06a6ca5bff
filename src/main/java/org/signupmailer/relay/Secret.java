package org.signupmailer.relay;

import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * A password that shows itself only to who asks for it by {@link #reveal()}. It prints as {@code ***}, as JSON too, and
 * is not {@link java.io.Serializable}. Two are equal when their passwords are: a changed password makes a changed relay.
 */
public final class Secret {

    private final String value;

    /**
     * @throws IllegalArgumentException if the password is empty
     */
    public Secret(String value) {
        if (value.isEmpty()) {
            throw new IllegalArgumentException("a password must not be empty");
        }
        this.value = value;
    }

    /** The password itself, for the login and nothing else. */
    public String reveal() {
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret that
                && MessageDigest.isEqual(
                        value.getBytes(StandardCharsets.UTF_8), that.value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    @JsonValue
    public String toString() {
        return "***";
    }
}
