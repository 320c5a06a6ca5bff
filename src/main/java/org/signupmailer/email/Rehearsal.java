package org.signupmailer.email;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.signupmailer.event.SignupEvent;

/**
 * Renders each mail with invented events: one that has everything, and those that have only what their type requires.
 * What would fail on somebody's code then fails before the templates are used.
 */
final class Rehearsal {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T05:00:00Z"), ZoneOffset.UTC);

    /** Per type, the pairs of code and link that its schema allows when nothing else is given. */
    private static final Map<String, List<Least>> LEAST = Map.of(
            "signup.verification-code", List.of(Least.CODE),
            "signup.confirmation-link", List.of(Least.LINK),
            "signup.welcome", List.of(Least.NEITHER),
            "signup.invitation", List.of(Least.LINK),
            "account.password-reset", List.of(Least.CODE, Least.LINK),
            "account.email-change", List.of(Least.CODE, Least.LINK),
            "account.reauthentication", List.of(Least.CODE));

    private enum Least {
        CODE,
        LINK,
        NEITHER
    }

    private Rehearsal() {}

    static void of(TemplateSet templates) throws TemplateFailure {
        for (Map.Entry<String, List<Least>> type : LEAST.entrySet()) {
            for (MailTemplates mail :
                    templates.all().getOrDefault(type.getKey(), Map.of()).values()) {
                mail.render(everything(type.getKey()), "Example", CLOCK);
                for (Least least : type.getValue()) {
                    mail.render(least(type.getKey(), least), "Example", CLOCK);
                }
            }
        }
    }

    private static SignupEvent everything(String type) {
        Instant end = CLOCK.instant().plusSeconds(600);
        return event(type, "Ann", "123456", "https://example.com/", "Bob", end);
    }

    private static SignupEvent least(String type, Least least) {
        return event(
                type,
                null,
                least == Least.CODE ? "123456" : null,
                least == Least.LINK ? "https://example.com/" : null,
                null,
                null);
    }

    private static SignupEvent event(
            String type,
            @Nullable String name,
            @Nullable String code,
            @Nullable String link,
            @Nullable String invitedBy,
            @Nullable Instant expiresAt) {
        // The schema requires the new address of a change of address.
        String newEmail = type.equals("account.email-change") ? "new@example.com" : null;
        return new SignupEvent(
                "rehearsal",
                "/rehearsal",
                type,
                CLOCK.instant(),
                "ann@example.com",
                name,
                null,
                code,
                link,
                invitedBy,
                newEmail,
                expiresAt);
    }
}
