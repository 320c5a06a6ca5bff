package org.signupmailer.relay;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;
import org.springframework.core.env.Environment;

/**
 * Reads the relays from the settings that {@code docs/relays.md} lists. Reads once: a change needs a restart. Asks no
 * network, so a start with a wrong password or without DNS goes on; the doctor and the first mail tell.
 */
public final class RelaySettings {

    static final String ROOT = "mailer.relays";

    /** How the sentence begins when there is no relay at all, which is no mistake where nothing is mailed. */
    public static final String NONE = "No relay is configured";

    private RelaySettings() {}

    /**
     * The relays in the order to try: primary, secondary, tertiary, then the others by {@code priority} and name.
     *
     * @param warnings gets one sentence for each setting that works but is hardly meant; never a secret or an address
     * @return at least one relay
     * @throws SettingException if a setting makes no sense, or no relay is configured
     */
    public static List<Relay> read(Environment env, ProviderPresets presets, Consumer<String> warnings) {
        List<WrittenRelay> written = new RelayTexts(env).read();
        List<WrittenRelay> configured = new ArrayList<>(
                written.stream().filter(relay -> !relay.isEmpty()).toList());
        if (configured.isEmpty()) {
            throw new SettingException(NONE + "; set SMTP_HOST and SMTP_FROM (or SMTP_PROVIDER, SMTP_USER"
                    + " and SMTP_PASS), or mailer.relays.<name>.host; see .env.example.");
        }
        inOrder(configured);

        RelayReader reader = new RelayReader(presets, warnings);
        // SMTP_FROM without SMTP_HOST is a sender for the relays that have none.
        Sender shared = written.stream()
                .filter(relay -> relay.isEmpty() && relay.isNumbered())
                .findFirst()
                .map(reader::sharedSender)
                .orElse(Sender.NONE);
        List<Relay> relays = new ArrayList<>();
        for (WrittenRelay relay : configured) {
            Relay read = reader.read(relay, shared);
            relays.add(read);
            shared = shared.or(read.from(), read.fromName());
        }
        return List.copyOf(relays);
    }

    private static void inOrder(List<WrittenRelay> relays) {
        List<WrittenRelay> named = new ArrayList<>();
        List<WrittenRelay> numbered = new ArrayList<>();
        relays.forEach(relay -> (relay.isNumbered() ? numbered : named).add(relay));
        // One relay alone is never compared, but its priority has to make sense too.
        named.forEach(RelayReader::priority);
        named.sort(Comparator.comparingInt(RelayReader::priority).thenComparing(WrittenRelay::name));
        numbered.stream()
                .filter(relay -> relay.get(RelayKey.PRIORITY) != null)
                .findFirst()
                .ifPresent(relay -> {
                    throw new SettingException(relay.keyFor(RelayKey.PRIORITY) + " is \""
                            + Optional.ofNullable(relay.value(RelayKey.PRIORITY))
                                    .orElse("")
                            + "\", but primary, secondary and tertiary always come first and in this order; leave it"
                            + " out, or give the relay another name.");
                });
        relays.clear();
        relays.addAll(numbered);
        relays.addAll(named);
    }

    /** The sender that relays without their own use. */
    record Sender(@Nullable String from, @Nullable String name) {

        static final Sender NONE = new Sender(null, null);

        /** Only the first one counts. */
        Sender or(String otherFrom, @Nullable String otherName) {
            return new Sender(from == null ? otherFrom : from, from == null && name == null ? otherName : name);
        }
    }
}
