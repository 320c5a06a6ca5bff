package org.signupmailer.doctor;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The languages that the doctor speaks. */
enum Language {
    EN,
    RU;

    /** The one that this machine is set to, English if the doctor does not know it. */
    static Language ofTheSystem() {
        Language language = of(Locale.getDefault().getLanguage());
        return language == null ? EN : language;
    }

    /** {@code en} or {@code ru-RU}, in upper or lower case; null if it is another one. */
    static @Nullable Language of(String tag) {
        String lower = tag.toLowerCase(Locale.ROOT);
        for (Language language : values()) {
            String own = language.name().toLowerCase(Locale.ROOT);
            if (lower.equals(own) || lower.startsWith(own + "-") || lower.startsWith(own + "_")) {
                return language;
            }
        }
        return null;
    }
}
