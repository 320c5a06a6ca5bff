package org.signupmailer.relay;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The settings of one relay: {@code mailer.relays.<name>.<long>} and, for the first three, {@code SMTP_<SHORT>}. */
enum RelayKey {
    PROVIDER("provider", "PROVIDER"),
    HOST("host", "HOST"),
    PORT("port", "PORT"),
    TLS("tls", "TLS"),
    USER("user", "USER"),
    PASSWORD("password", "PASS"),
    FROM("from", "FROM"),
    FROM_NAME("from-name", "FROM_NAME"),
    PRIORITY("priority", null),
    MAX_CONNECTIONS("max-connections", null),
    MAILS_PER_CONNECTION("mails-per-connection", null),
    MAILS_PER_DAY("mails-per-day", null),
    MAILS_PER_MONTH("mails-per-month", null),
    IDLE_TIMEOUT("idle-timeout", null),
    MAX_AGE("max-age", null),
    CONNECT_TIMEOUT("connect-timeout", null),
    READ_TIMEOUT("read-timeout", null);

    private final String longName;
    private final @Nullable String shortName;

    RelayKey(String longName, @Nullable String shortName) {
        this.longName = longName;
        this.shortName = shortName;
    }

    String longName() {
        return longName;
    }

    @Nullable
    String shortName() {
        return shortName;
    }

    /** Case, dashes, underscores and dots don't count, because environment variables can't hold them all. */
    static @Nullable RelayKey of(String written) {
        String wanted = bare(written);
        for (RelayKey key : values()) {
            if (bare(key.longName).equals(wanted)) {
                return key;
            }
        }
        return null;
    }

    private static String bare(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[-_.]", "");
    }
}
