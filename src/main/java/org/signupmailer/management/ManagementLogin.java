package org.signupmailer.management;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/**
 * Compares a login with the one that is set. There is no slow password hash, because nothing is kept that could be
 * stolen; guessing is slowed down by {@link LoginThrottle}, and a scrape every few seconds costs nothing.
 */
final class ManagementLogin implements AuthenticationProvider {

    private final String name;
    private final byte[] user;
    private final byte[] password;
    private final LoginThrottle throttle;

    ManagementLogin(ManagementUser user, LoginThrottle throttle) {
        this.name = user.name();
        this.user = digest(user.name());
        this.password = digest(user.password());
        this.throttle = throttle;
    }

    @Override
    public Authentication authenticate(Authentication login) {
        Visitor visitor = login.getDetails() instanceof Visitor known ? known : new Visitor("", null);
        throttle.admit(visitor);
        // Both are compared in full whatever comes out, so that the time taken tells neither.
        boolean rightUser = MessageDigest.isEqual(user, digest(login.getName()));
        boolean rightPassword = MessageDigest.isEqual(password, digest(String.valueOf(login.getCredentials())));
        if (!rightUser || !rightPassword) {
            throw new BadCredentialsException("User or password is wrong");
        }
        throttle.succeeded(visitor);
        return UsernamePasswordAuthenticationToken.authenticated(
                name, null, List.of(new SimpleGrantedAuthority("ROLE_OPERATOR")));
    }

    @Override
    public boolean supports(Class<?> type) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(type);
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java always has SHA-256", e);
        }
    }
}
