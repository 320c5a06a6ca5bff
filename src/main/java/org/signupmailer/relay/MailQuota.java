package org.signupmailer.relay;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;
import org.springframework.core.env.Environment;

/**
 * How many mails a relay takes in a day and in a month. Settings: {@code mailer.relays.<name>.mails-per-day} and
 * {@code mails-per-month}; otherwise what the preset knows to hold for every plan. Restart needed: yes.
 *
 * @param perDay null: unknown
 * @param perMonth null: unknown
 */
public record MailQuota(@Nullable Integer perDay, @Nullable Integer perMonth) {

    public static final MailQuota UNKNOWN = new MailQuota(null, null);

    private static final int HIGHEST = 1_000_000_000;

    /**
     * The quota of each relay by its name.
     *
     * @throws SettingException when one makes no sense
     */
    public static Map<String, MailQuota> read(Environment environment, List<Relay> relays) {
        List<WrittenRelay> written = new RelayTexts(environment).read();
        Map<String, MailQuota> quotas = new LinkedHashMap<>();
        for (Relay relay : relays) {
            WrittenRelay own = written.stream()
                    .filter(one -> one.name().equals(relay.name()))
                    .findFirst()
                    .orElse(null);
            quotas.put(
                    relay.name(),
                    new MailQuota(
                            limit(own, RelayKey.MAILS_PER_DAY, relay.preset(), ProviderPreset.Per.DAY),
                            limit(own, RelayKey.MAILS_PER_MONTH, relay.preset(), ProviderPreset.Per.MONTH)));
        }
        return quotas;
    }

    private static @Nullable Integer limit(
            @Nullable WrittenRelay written, RelayKey key, @Nullable ProviderPreset preset, ProviderPreset.Per per) {
        WrittenRelay.Setting setting = written == null ? null : written.get(key);
        if (setting != null) {
            return Numbers.read(
                    setting, 1, HIGHEST, "not a number from 1 to " + HIGHEST + "; leave it out if there is no limit.");
        }
        // What holds for some plans only is no limit of this account that anybody knows.
        return preset == null
                ? null
                : preset.limits().mails().stream()
                        .filter(limit -> limit.per() == per && Objects.isNull(limit.when()))
                        .map(ProviderPreset.MailLimit::count)
                        .min(Integer::compare)
                        .orElse(null);
    }
}
