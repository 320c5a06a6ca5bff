package org.signupmailer.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of an event's id: what stands for the id where it would be too long or too telling. */
public final class IdHash {

    // Looking up the algorithm costs more than the hash; a clone needs no look-up.
    private static final MessageDigest SHA_256 = sha256();

    private IdHash() {}

    /** 32 bytes, the same for the same id always. */
    public static byte[] of(String id) {
        return of(id.getBytes(StandardCharsets.UTF_8));
    }

    /** The same for an id in UTF-8. */
    public static byte[] of(byte[] id) {
        try {
            return ((MessageDigest) SHA_256.clone()).digest(id);
        } catch (CloneNotSupportedException e) {
            return sha256().digest(id);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java always has SHA-256", e);
        }
    }
}
