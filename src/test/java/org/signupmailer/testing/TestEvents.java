package org.signupmailer.testing;

import java.util.concurrent.ThreadLocalRandom;

/** Valid events of each type with an id, an address and secrets of their own; what a test is about is set on them. */
public final class TestEvents {

    private TestEvents() {}

    public static TestEvent verificationCode() {
        return TestEvent.ofType("signup.verification-code").code(drawnCode());
    }

    public static TestEvent confirmationLink() {
        return TestEvent.ofType("signup.confirmation-link").link(drawnLink());
    }

    public static TestEvent welcome() {
        return TestEvent.ofType("signup.welcome").link(drawnLink());
    }

    public static TestEvent invitation() {
        return TestEvent.ofType("signup.invitation").link(drawnLink()).with("invitedBy", "Boris");
    }

    public static TestEvent passwordReset() {
        return TestEvent.ofType("account.password-reset").link(drawnLink());
    }

    public static TestEvent emailChange() {
        return TestEvent.ofType("account.email-change").code(drawnCode()).with("newEmail", "ann.new@example.com");
    }

    public static TestEvent reauthentication() {
        return TestEvent.ofType("account.reauthentication").code(drawnCode());
    }

    private static String drawnCode() {
        return Integer.toString(ThreadLocalRandom.current().nextInt(100_000, 1_000_000));
    }

    private static String drawnLink() {
        return "https://example.com/go/"
                + Long.toHexString(ThreadLocalRandom.current().nextLong() | 1L << 62);
    }
}
