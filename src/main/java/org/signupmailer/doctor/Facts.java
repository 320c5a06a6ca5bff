package org.signupmailer.doctor;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.signupmailer.event.Addresses;
import org.signupmailer.relay.PortChoice;
import org.signupmailer.relay.ProviderPreset;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.TlsMode;

/** What is known of a relay before anybody asks it, as the words that sentences of the doctor are filled with. */
final class Facts {

    private static final Map<String, String> SHORT_PREFIXES =
            Map.of("primary", "SMTP_", "secondary", "SMTP_2_", "tertiary", "SMTP_3_");
    private static final Map<String, String> SHORT_NAMES = Map.of("password", "PASS");

    private static final List<PortChoice> USUAL =
            List.of(new PortChoice(587, TlsMode.STARTTLS), new PortChoice(465, TlsMode.IMPLICIT));

    private final Relay relay;
    private final Map<String, String> values = new HashMap<>();

    Facts(Relay relay, Texts texts) {
        this.relay = relay;
        ProviderPreset preset = relay.preset();
        values.put("relay", relay.name());
        values.put("host", relay.host());
        values.put("provider", preset == null ? relay.host() : preset.displayName());
        values.put("user", user());
        values.put("sender", Addresses.mask(relay.from()));
        values.put("ports", inWords(known()));
        values.put("user-rule", preset == null ? "" : texts.userRule(preset));
        values.put("password-rule", preset == null ? "" : texts.passwordRule(preset));
        for (String key : List.of("host", "port", "tls", "user", "password", "from")) {
            values.put("key." + key, key(key));
        }
    }

    /** A word that everybody may know, such as {@code apikey}, as it is; anything else masked. */
    private String user() {
        String user = relay.user();
        ProviderPreset preset = relay.preset();
        return user != null && preset != null && user.equals(preset.user().word()) ? user : Addresses.mask(user);
    }

    /** How the operator sets this: {@code SMTP_2_PORT}. */
    private String key(String name) {
        String prefix = SHORT_PREFIXES.get(relay.name());
        return prefix == null
                ? "mailer.relays." + relay.name() + "." + name
                : prefix + SHORT_NAMES.getOrDefault(name, name.toUpperCase(Locale.ROOT));
    }

    /** The setting that makes this port be used. */
    String set(PortChoice works) {
        String set = key("port") + "=" + works.port();
        return works.tls() == relay.ports().get(0).tls()
                ? set
                : set + ", " + key("tls") + "=" + works.tls().word();
    }

    /** The provider's ports, or without a provider those that are usual. */
    private List<PortChoice> known() {
        ProviderPreset preset = relay.preset();
        return preset == null ? USUAL : preset.ports();
    }

    private static String inWords(List<PortChoice> ports) {
        return ports.stream().map(PortChoice::toString).collect(Collectors.joining(", "));
    }

    /** All words, and these. */
    Map<String, String> with(String... namesAndValues) {
        Map<String, String> all = new HashMap<>(values);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            all.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return all;
    }

    /** Where this relay might be reached: what the settings try, then the provider's other ports. */
    List<PortScan.Candidate> candidates() {
        Stream<PortScan.Candidate> used = relay.ports().stream().map(port -> new PortScan.Candidate(port, true));
        ProviderPreset preset = relay.preset();
        if (preset == null || !preset.hasHost(relay.host())) {
            return used.toList();
        }
        List<Integer> tried = relay.ports().stream().map(PortChoice::port).toList();
        return Stream.concat(
                        used,
                        preset.ports().stream()
                                .filter(port -> !tried.contains(port.port()))
                                .map(port -> new PortScan.Candidate(port, false)))
                .toList();
    }
}
