package org.signupmailer.management;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseCookie;

/**
 * Slows down guessing. Each address may be wrong a few times, then has to wait, twice as long each time up to a minute;
 * strangers together may be wrong {@value #OVERALL} times and then once in two seconds. An attempt while it has to wait
 * is not looked at and does not prolong the wait, so nobody is locked out for good. Whoever has logged in before, by
 * address or by a cookie that this process has signed, and the machine itself are no strangers; with the cookie not even
 * an attacker at the same address is in the way. Memory is constant: addresses share {@value #SLOTS} slots.
 */
final class LoginThrottle {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer.management");

    static final int FREE = 5;
    static final int OVERALL = 100;
    private static final int SLOTS = 4096;
    private static final long SECOND = 1_000_000_000L;
    private static final long REFILL = 2 * SECOND;
    private static final long LONGEST = 60 * SECOND;
    private static final long FORGOTTEN = 15 * 60 * SECOND;

    private final LongSupplier nanos;
    private final int seed;
    private final DeviceCookie cookie = new DeviceCookie();
    private final int[] failures = new int[SLOTS];
    private final long[] waitUntil = new long[SLOTS];
    private final long[] lastFailure = new long[SLOTS];
    private final boolean[] loggedIn = new boolean[SLOTS];
    private int overallLeft = OVERALL;
    private long overallSince;

    LoginThrottle() {
        this(System::nanoTime, new SecureRandom().nextInt());
    }

    /** @param seed nobody must know it, or who shares a slot with whom can be chosen */
    LoginThrottle(LongSupplier nanos, int seed) {
        this.nanos = nanos;
        this.seed = seed;
        this.overallSince = nanos.getAsLong();
    }

    Visitor visitor(HttpServletRequest request) {
        return new Visitor(request.getRemoteAddr(), cookie.read(request.getCookies()));
    }

    /** Gives a browser that has logged in a cookie that says so. */
    void remember(HttpServletRequest request, HttpServletResponse response) {
        response.addHeader(
                "Set-Cookie",
                ResponseCookie.from(DeviceCookie.NAME, cookie.issue())
                        .httpOnly(true)
                        .secure(request.isSecure())
                        .sameSite("Strict")
                        .path(AccessConfiguration.LOGIN)
                        .maxAge(Duration.ofDays(30))
                        .build()
                        .toString());
    }

    /**
     * Lets one attempt through and counts it as wrong until {@link #succeeded} says otherwise, so that attempts at the
     * same time can't pass together.
     *
     * @throws TooManyAttempts if this one has to wait
     */
    synchronized void admit(Visitor visitor) {
        long now = nanos.getAsLong();
        int slot = slot(visitor);
        if (failures[slot] > 0 && now - lastFailure[slot] > FORGOTTEN) {
            failures[slot] = 0;
        }
        if (failures[slot] >= FREE && waitUntil[slot] - now > 0) {
            throw new TooManyAttempts(1 + (waitUntil[slot] - now) / SECOND);
        }
        if (isStranger(visitor, slot)) {
            refill(now);
            if (overallLeft == 0) {
                throw new TooManyAttempts(REFILL / SECOND);
            }
            overallLeft--;
        }
        failures[slot] = Math.min(failures[slot] + 1, 1000);
        lastFailure[slot] = now;
        int over = failures[slot] - FREE;
        if (over >= 0) {
            waitUntil[slot] = now + Math.min(LONGEST, SECOND << Math.min(over, 6));
            if (over == 0) {
                LOG.warn("{} logins in a row from {} went wrong; the next ones have to wait", FREE, visitor.address());
            }
        }
    }

    synchronized void succeeded(Visitor visitor) {
        int slot = slot(visitor);
        if (isStranger(visitor, slot)) {
            overallLeft = Math.min(OVERALL, overallLeft + 1);
        }
        failures[slot] = 0;
        loggedIn[slot] = true;
    }

    private boolean isStranger(Visitor visitor, int slot) {
        return visitor.device() == null && !loggedIn[slot] && !LoopbackNames.isLoopback(visitor.address());
    }

    private void refill(long now) {
        long due = (now - overallSince) / REFILL;
        if (due > 0) {
            overallLeft = (int) Math.min(OVERALL, overallLeft + due);
            overallSince += due * REFILL;
        }
    }

    private int slot(Visitor visitor) {
        @Nullable String device = visitor.device();
        int hash = device == null ? Arrays.hashCode(LoopbackNames.network(visitor.address())) : device.hashCode();
        hash = (hash ^ seed) * 0x9E3779B1;
        hash ^= hash >>> 15;
        return Math.floorMod(hash * 0x85EBCA6B, SLOTS);
    }
}
