package org.signupmailer.relay;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wrote about one relay, before anybody judges it, together with the key as it was written: an error
 * has to name what can be searched for.
 */
final class WrittenRelay {

    /** Sender settings alone make no relay: they are a default for the others. */
    private static final Set<RelayKey> SENDER_ONLY = Set.of(RelayKey.FROM, RelayKey.FROM_NAME);

    record Setting(String key, String value) {

        /** The value for a sentence that stays one line; not for a password. */
        String shown() {
            String line = value.strip().replaceAll("\\p{Cntrl}", "?");
            return '"' + (line.length() > 200 ? line.substring(0, 200) + "…" : line) + '"';
        }
    }

    private final String name;
    private final @Nullable String shortPrefix;
    private final Map<RelayKey, Setting> settings = new EnumMap<>(RelayKey.class);

    /**
     * @param shortPrefix such as {@code SMTP_2_}; null: the relay has long names only
     */
    WrittenRelay(String name, @Nullable String shortPrefix) {
        this.name = name;
        this.shortPrefix = shortPrefix;
    }

    String name() {
        return name;
    }

    boolean isNumbered() {
        return shortPrefix != null;
    }

    void put(RelayKey key, Setting setting) {
        settings.put(key, setting);
    }

    /** The setting, or null if it is absent or blank: an empty line in a {@code .env} file sets nothing. */
    @Nullable
    Setting get(RelayKey key) {
        return settings.get(key);
    }

    @Nullable
    String value(RelayKey key) {
        Setting setting = settings.get(key);
        return setting == null ? null : setting.value();
    }

    boolean isEmpty() {
        return SENDER_ONLY.containsAll(settings.keySet());
    }

    /** Any setting that is more than a sender. */
    Setting example() {
        return settings.entrySet().stream()
                .filter(entry -> !SENDER_ONLY.contains(entry.getKey()))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    /** How this operator would write the key: as it is written if it is, else in the style of the others. */
    String keyFor(RelayKey key) {
        Setting written = settings.get(key);
        if (written != null) {
            return written.key();
        }
        boolean inLongStyle =
                settings.values().stream().anyMatch(setting -> setting.key().startsWith(RelaySettings.ROOT));
        return shortPrefix == null || key.shortName() == null || inLongStyle
                ? RelaySettings.ROOT + "." + name + "." + key.longName()
                : shortPrefix + key.shortName();
    }
}
