package org.signupmailer.relay;

import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads how connections to one relay are used; what is not written comes from the preset or the defaults. */
final class RelayLimitSettings {

    private final WrittenRelay written;
    private final Consumer<String> warnings;

    RelayLimitSettings(WrittenRelay written, Consumer<String> warnings) {
        this.written = written;
        this.warnings = warnings;
    }

    ConnectionLimits read(@Nullable ProviderPreset preset) {
        ConnectionLimits defaults = preset == null ? ConnectionLimits.DEFAULTS : ConnectionLimits.defaultsFor(preset);
        ConnectionLimits read = new ConnectionLimits(
                number(RelayKey.MAX_CONNECTIONS, 1000, defaults.maxConnections()),
                number(RelayKey.MAILS_PER_CONNECTION, 1_000_000, defaults.mailsPerConnection()),
                time(RelayKey.IDLE_TIMEOUT, Duration.ofSeconds(1), Duration.ofHours(1), defaults.idle()),
                time(RelayKey.MAX_AGE, Duration.ofSeconds(1), Duration.ofDays(1), defaults.maxAge()),
                time(
                        RelayKey.CONNECT_TIMEOUT,
                        Duration.ofMillis(100),
                        Duration.ofMinutes(2),
                        defaults.connectTimeout()),
                time(RelayKey.READ_TIMEOUT, Duration.ofMillis(100), Duration.ofMinutes(10), defaults.readTimeout()));
        if (preset != null) {
            warnAbove(preset, RelayKey.MAX_CONNECTIONS, preset.limits().connections(), read.maxConnections());
            warnAbove(
                    preset,
                    RelayKey.MAILS_PER_CONNECTION,
                    preset.limits().mailsPerConnection(),
                    read.mailsPerConnection());
        }
        return read;
    }

    private int number(RelayKey key, int highest, int otherwise) {
        WrittenRelay.Setting setting = written.get(key);
        return setting == null
                ? otherwise
                : Numbers.read(
                        setting,
                        1,
                        highest,
                        "not a number from 1 to " + highest + "; the default is " + otherwise + ".");
    }

    private Duration time(RelayKey key, Duration lowest, Duration highest, Duration otherwise) {
        WrittenRelay.Setting setting = written.get(key);
        return setting == null ? otherwise : Numbers.readTime(setting, lowest, highest);
    }

    private void warnAbove(ProviderPreset preset, RelayKey key, @Nullable Integer known, int wanted) {
        if (known != null && wanted > known) {
            warnings.accept(written.keyFor(key) + " is " + wanted + ", but " + preset.displayName() + " allows " + known
                    + "; what is above will be refused.");
        }
    }
}
