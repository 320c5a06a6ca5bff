package org.signupmailer.relay;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.signupmailer.settings.SettingException;

/** What becomes of a mail whose relay hung up after the final dot, before it answered: {@code MAILER_UNCERTAIN}. */
public enum UncertainMail {
    /** The next relay gets it, with the same Message-ID: rather twice than never. */
    RESEND,
    /** It becomes a dead letter: rather never than twice. */
    DEAD_LETTER;

    /** The word in settings: {@code resend}, {@code dead-letter}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The one that a setting names.
     *
     * @throws SettingException when it names none
     */
    static UncertainMail of(String word) {
        for (UncertainMail value : values()) {
            if (value.word().equalsIgnoreCase(word.strip())) {
                return value;
            }
        }
        throw new SettingException("MAILER_UNCERTAIN is \"" + word + "\"; it must be "
                + Arrays.stream(values()).map(UncertainMail::word).collect(Collectors.joining(" or "))
                + ", usually resend.");
    }
}
