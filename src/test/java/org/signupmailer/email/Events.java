package org.signupmailer.email;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.signupmailer.event.SignupEvent;

/** Events to render; each method answers a changed copy. */
record Events(SignupEvent event) {

    static final Instant NOW = Instant.parse("2026-11-22T05:00:00Z");
    static final String CODE = "482913";
    static final String LINK = "https://shop.example/confirm?token=k3v0&next=home";

    static final List<String> TYPES = List.of(
            "signup.verification-code",
            "signup.confirmation-link",
            "signup.welcome",
            "signup.invitation",
            "account.password-reset",
            "account.email-change",
            "account.reauthentication");

    /** With every field that the type can have. */
    static Events full(String type) {
        boolean code = type.contains("code") || type.startsWith("account.");
        boolean link = !type.contains("code") && !type.endsWith("reauthentication");
        return new Events(new SignupEvent(
                "6f0c",
                "/shop/auth",
                type,
                NOW,
                "ann@example.com",
                "Ann",
                "en",
                code ? CODE : null,
                link ? LINK : null,
                type.endsWith("invitation") ? "Bob" : null,
                type.endsWith("email-change") ? "new@example.org" : null,
                NOW.plusSeconds(600)));
    }

    /** With nothing but what the type requires; a code where code or link is required. */
    static Events least(String type) {
        SignupEvent e = full(type).event();
        boolean linkOnly = type.endsWith("link") || type.endsWith("invitation");
        return new Events(new SignupEvent(
                e.id(),
                e.source(),
                type,
                null,
                e.email(),
                null,
                null,
                e.code(),
                linkOnly ? e.link() : null,
                null,
                e.newEmail(),
                null));
    }

    Events locale(@Nullable String locale) {
        return with(event.name(), locale, event.code(), event.link(), event.invitedBy(), event.expiresAt());
    }

    Events name(@Nullable String name) {
        return with(name, event.locale(), event.code(), event.link(), event.invitedBy(), event.expiresAt());
    }

    Events code(@Nullable String code) {
        return with(event.name(), event.locale(), code, event.link(), event.invitedBy(), event.expiresAt());
    }

    Events link(@Nullable String link) {
        return with(event.name(), event.locale(), event.code(), link, event.invitedBy(), event.expiresAt());
    }

    Events invitedBy(@Nullable String invitedBy) {
        return with(event.name(), event.locale(), event.code(), event.link(), invitedBy, event.expiresAt());
    }

    Events expiresIn(long seconds) {
        return with(
                event.name(), event.locale(), event.code(), event.link(), event.invitedBy(), NOW.plusSeconds(seconds));
    }

    private Events with(
            @Nullable String name,
            @Nullable String locale,
            @Nullable String code,
            @Nullable String link,
            @Nullable String invitedBy,
            @Nullable Instant expiresAt) {
        return new Events(new SignupEvent(
                event.id(),
                event.source(),
                event.type(),
                event.time(),
                event.email(),
                name,
                locale,
                code,
                link,
                invitedBy,
                event.newEmail(),
                expiresAt));
    }
}
