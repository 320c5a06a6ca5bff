package org.signupmailer.relay;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.signupmailer.settings.SettingException;
import org.springframework.boot.convert.DurationStyle;

/** Reads numbers and times of settings. */
final class Numbers {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,9}");

    private Numbers() {}

    /**
     * @param rule how the sentence goes on after {@code KEY is "x", which is }
     * @throws SettingException if it is not a whole number from lowest to highest
     */
    static int read(WrittenRelay.Setting setting, int lowest, int highest, String rule) {
        String text = setting.value().strip();
        if (NUMBER.matcher(text).matches()) {
            int number = Integer.parseInt(text);
            if (number >= lowest && number <= highest) {
                return number;
            }
        }
        throw new SettingException(setting.key() + " is " + setting.shown() + ", which is " + rule);
    }

    /**
     * A time with its unit. A bare number is refused: Spring would take it for milliseconds, people for seconds.
     *
     * @throws SettingException if it is no time or outside the bounds
     */
    static Duration readTime(WrittenRelay.Setting setting, Duration lowest, Duration highest) {
        String text = setting.value().strip();
        if (!NUMBER.matcher(text).matches()) {
            try {
                Duration time = DurationStyle.detectAndParse(text, ChronoUnit.SECONDS);
                if (time.compareTo(lowest) >= 0 && time.compareTo(highest) <= 0) {
                    return time;
                }
            } catch (IllegalArgumentException | ArithmeticException e) {
                // Falls through to the same sentence.
            }
        }
        throw new SettingException(
                setting.key() + " is " + setting.shown() + ", which is not a time from " + inWords(lowest) + " to "
                        + inWords(highest) + "; write a number and its unit, such as 5s, 500ms or 10m.");
    }

    private static String inWords(Duration time) {
        return time.toMillis() % 1000 != 0 ? time.toMillis() + "ms" : time.toSeconds() + "s";
    }
}
