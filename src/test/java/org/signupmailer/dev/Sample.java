package org.signupmailer.dev;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** One event as a shop could publish it. */
record Sample(String id, String type, Map<String, Object> data) {

    private static final Duration CODE_LIVES = Duration.ofMinutes(10);
    private static final Duration LINK_LIVES = Duration.ofDays(1);

    /** One of each type, half of them in Russian. */
    static List<Sample> ofEachType() {
        return List.of(
                of("signup.verification-code", "ann@example.com", "Ann", "en", CODE_LIVES, Map.of("code", "123456")),
                of(
                        "signup.confirmation-link",
                        "pavel@example.com",
                        "Павел",
                        "ru",
                        LINK_LIVES,
                        Map.of("link", "https://shop.example.com/confirm?token=4f1c2a")),
                of(
                        "signup.welcome",
                        "maria@example.com",
                        "Мария",
                        "ru",
                        LINK_LIVES,
                        Map.of("link", "https://shop.example.com/start")),
                of(
                        "signup.invitation",
                        "ben@example.com",
                        "Ben",
                        "en",
                        LINK_LIVES,
                        Map.of("link", "https://shop.example.com/join?token=9b07d3", "invitedBy", "Ann Smith")),
                of(
                        "account.password-reset",
                        "olga@example.com",
                        "Ольга",
                        "ru",
                        CODE_LIVES,
                        Map.of("link", "https://shop.example.com/reset?token=c8e5f0")),
                of(
                        "account.email-change",
                        "grace@example.com",
                        "Grace",
                        "en",
                        CODE_LIVES,
                        Map.of("code", "482913", "newEmail", "grace.new@example.com")),
                of("account.reauthentication", "ivan@example.com", "Иван", "ru", CODE_LIVES, Map.of("code", "705518")));
    }

    String recipient() {
        return String.valueOf(data.get("email"));
    }

    /** The whole event as a CloudEvent in structured mode. */
    Map<String, Object> cloudEvent() {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("specversion", "1.0");
        event.put("id", id);
        event.put("source", "/shop/auth");
        event.put("type", type);
        event.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        event.put("datacontenttype", "application/json");
        event.put("data", data);
        return event;
    }

    private static Sample of(
            String type, String email, String name, String locale, Duration lives, Map<String, String> more) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("email", email);
        data.put("name", name);
        data.put("locale", locale);
        data.putAll(more);
        data.put(
                "expiresAt",
                Instant.now().plus(lives).truncatedTo(ChronoUnit.SECONDS).toString());
        return new Sample(UUID.randomUUID().toString(), type, data);
    }
}
