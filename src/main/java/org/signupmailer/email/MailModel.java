package org.signupmailer.email;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.FormatStyle;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.signupmailer.event.SignupEvent;

/** What templates of one locale can name; {@code docs/templates.md} lists it for their authors. */
final class MailModel {

    private static final Set<String> RIGHT_TO_LEFT =
            Set.of("ar", "ckb", "dv", "fa", "he", "iw", "ji", "ps", "sd", "ug", "ur", "yi");

    private final String language;
    private final String direction;
    private final DateTimeFormatter dateAndTime;
    private volatile @Nullable Said said;

    /** An end as templates show it. Codes of one minute mostly end in one minute. */
    private record Said(long minute, String text) {}

    MailModel(Locale locale) {
        this.language = locale.toLanguageTag();
        this.direction = RIGHT_TO_LEFT.contains(locale.getLanguage()) ? "rtl" : "ltr";
        this.dateAndTime = dateAndTime(locale);
    }

    Map<String, Object> of(SignupEvent event, String product, Instant now) {
        Map<String, Object> values = new HashMap<>();
        values.put("product", product);
        values.put("locale", language);
        values.put("dir", direction);
        put(values, "email", event.email());
        put(values, "name", event.name());
        put(values, "code", event.code());
        put(values, "link", event.link());
        put(values, "invitedBy", event.invitedBy());
        put(values, "newEmail", event.newEmail());
        Instant end = event.expiresAt();
        if (end != null) {
            values.put("expiresAt", minute(end));
            long seconds = Duration.between(now, end).toSeconds();
            values.put("validMinutes", Math.max(1, Math.floorDiv(seconds + 30, 60)));
        }
        return values;
    }

    private String minute(Instant time) {
        long minute = Math.floorDiv(time.getEpochSecond(), 60);
        Said last = said;
        if (last == null || last.minute != minute) {
            last = new Said(minute, dateAndTime.format(time.atOffset(ZoneOffset.UTC)));
            said = last;
        }
        return last.text;
    }

    /** Blank is as good as absent: "Hello, !" is worse than "Hello!". */
    private static void put(Map<String, Object> values, String key, @Nullable String value) {
        if (value != null) {
            String line = OneLine.of(value);
            if (!line.isEmpty()) {
                values.put(key, line);
            }
        }
    }

    private static DateTimeFormatter dateAndTime(Locale locale) {
        DateTimeFormatterBuilder format = new DateTimeFormatterBuilder();
        switch (locale.getLanguage()) {
            // Java's own long forms are American ("November 22, 2026") and official ("22 ноября 2026 г.").
            case "en", "ru" -> format.appendPattern("d MMMM uuuu");
            default -> format.appendLocalized(FormatStyle.LONG, null);
        }
        return format.appendPattern(", HH:mm 'UTC'").toFormatter(locale);
    }
}
