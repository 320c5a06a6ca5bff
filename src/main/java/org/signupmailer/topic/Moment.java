package org.signupmailer.topic;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Points in time as operators write and read them; all of them in UTC, as in logs and events. */
public final class Moment {

    private static final Pattern AGO = Pattern.compile("(\\d{1,6})\\s*([smhd])");
    private static final DateTimeFormatter WORDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Moment() {}

    /**
     * {@code 30m}, {@code 2h}, {@code 7d} ago; {@code 2026-11-22}; {@code 2026-11-22T05:00}; or with an offset.
     *
     * @param name of the option, for the message
     * @throws IllegalArgumentException with a sentence for the operator
     */
    public static Instant parse(String name, String text, Instant now) {
        String written = text.strip();
        Matcher ago = AGO.matcher(written);
        if (ago.matches()) {
            return now.minus(duration(ago));
        }
        try {
            if (written.length() == 10) {
                return LocalDate.parse(written).atStartOfDay().toInstant(ZoneOffset.UTC);
            }
            return written.matches(".*(Z|[+-]\\d\\d:\\d\\d)")
                    ? OffsetDateTime.parse(written.replace(' ', 'T')).toInstant()
                    : LocalDateTime.parse(written.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(name + " is \"" + Plain.text(written)
                    + "\", which is no time; write how long ago, such as 30m, 2h or 7d, or a time in UTC, such as"
                    + " 2026-11-22 or 2026-11-22T05:00.");
        }
    }

    /**
     * {@code 90s}, {@code 10m}, {@code 2h}, {@code 7d}.
     *
     * @param name of the option, for the message
     * @throws IllegalArgumentException with a sentence for the operator
     */
    public static Duration duration(String name, String text) {
        Matcher written = AGO.matcher(text.strip());
        if (!written.matches()) {
            throw new IllegalArgumentException(
                    name + " is \"" + Plain.text(text) + "\", which is no time; write 90s, 10m, 2h or 7d.");
        }
        return duration(written);
    }

    private static Duration duration(Matcher written) {
        long count = Long.parseLong(written.group(1));
        return switch (written.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
    }

    /** {@code 2026-11-22 05:00:00}, in UTC. */
    public static String words(Instant time) {
        try {
            return WORDS.format(time);
        } catch (DateTimeException e) {
            return time.toString();
        }
    }

    /** How long something lasts, roughly: {@code 40 s}, {@code 12 min}, {@code 5 h}, {@code 3 days}. */
    public static String words(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 120 * 60) {
            return seconds / 60 + " min";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
    }
}
