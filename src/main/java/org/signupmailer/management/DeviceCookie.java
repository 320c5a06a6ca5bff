package org.signupmailer.management;

import jakarta.servlet.http.Cookie;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Says that a browser has logged in before, signed with a key of this process. It opens nothing: it only counts a
 * browser's wrong logins apart from those of everybody else (OWASP: "Slow Down Online Guessing Attacks with Device
 * Cookies").
 */
final class DeviceCookie {

    static final String NAME = "signup-mailer-device";

    private static final int ID = 12;
    private static final int SIGNATURE = 16;

    private final SecureRandom random = new SecureRandom();
    private final byte[] key = new byte[32];

    DeviceCookie() {
        random.nextBytes(key);
    }

    String issue() {
        byte[] id = new byte[ID];
        random.nextBytes(id);
        byte[] value = Arrays.copyOf(id, ID + SIGNATURE);
        System.arraycopy(sign(id), 0, value, ID, SIGNATURE);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    }

    /** The browser's mark; null when it has none, or one that this process did not sign. */
    @Nullable
    String read(Cookie @Nullable [] cookies) {
        if (cookies == null) {
            return null;
        }
        for (Cookie cookie : cookies) {
            if (cookie.getName().equals(NAME) && isOurs(cookie.getValue())) {
                return cookie.getValue();
            }
        }
        return null;
    }

    private boolean isOurs(String text) {
        byte[] value;
        try {
            value = Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return false;
        }
        return value.length == ID + SIGNATURE
                && MessageDigest.isEqual(sign(Arrays.copyOf(value, ID)), Arrays.copyOfRange(value, ID, value.length));
    }

    private byte[] sign(byte[] id) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return Arrays.copyOf(mac.doFinal(id), SIGNATURE);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java always has HmacSHA256", e);
        }
    }
}
