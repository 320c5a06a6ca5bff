package org.signupmailer.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;

/**
 * Decides which ports of a relay are tried, in which order and TLS mode. What is written comes first and its TLS mode
 * holds for all; the provider's other ports follow as a way round a firewall. Without a provider nothing is guessed
 * beyond the usual 587 and 465.
 */
final class RelayPorts {

    private static final Set<Integer> IMPLICIT = Set.of(465, 8465, 2465);

    private final WrittenRelay written;
    private final String host;
    private final @Nullable ProviderPreset preset;
    private final List<PortChoice> known;

    /**
     * @param preset its ports count only if the host is the provider's own
     */
    RelayPorts(WrittenRelay written, String host, @Nullable ProviderPreset preset) {
        this.written = written;
        this.host = host;
        this.preset = preset;
        this.known = preset != null && preset.hasHost(host) ? preset.ports() : List.of();
    }

    /**
     * @throws SettingException if port or TLS mode make no sense, or not together
     */
    List<PortChoice> choose() {
        Integer port = port();
        TlsMode tls = tls();
        if (port == null) {
            return withoutPort(tls);
        }
        PortChoice chosen = new PortChoice(port, tls == null ? usualTls(port) : tls);
        List<PortChoice> choices = new ArrayList<>(List.of(chosen));
        for (PortChoice other : known) {
            if (other.port() == port) {
                requireSense(other, chosen.tls());
            } else if (tls == null || tls == other.tls()) {
                choices.add(other);
            }
        }
        return choices;
    }

    private List<PortChoice> withoutPort(@Nullable TlsMode tls) {
        if (tls == null) {
            if (!known.isEmpty()) {
                return known;
            }
            return Host.isLoopback(host)
                    ? List.of(new PortChoice(25, TlsMode.NONE))
                    : List.of(new PortChoice(587, TlsMode.STARTTLS), new PortChoice(465, TlsMode.IMPLICIT));
        }
        // Where STARTTLS is spoken, the conversation starts plain: the only ports on which "none" can work.
        TlsMode offered = tls == TlsMode.NONE ? TlsMode.STARTTLS : tls;
        List<PortChoice> fitting = known.stream()
                .filter(choice -> choice.tls() == offered)
                .map(choice -> new PortChoice(choice.port(), tls))
                .toList();
        if (!fitting.isEmpty()) {
            return fitting;
        }
        if (preset != null && !known.isEmpty()) {
            throw new SettingException(written.keyFor(RelayKey.TLS) + " is \"" + tls.word() + "\", but " + preset
                    + " has no such port; leave it out, or use one of " + inWords(known) + ".");
        }
        return List.of(
                switch (tls) {
                    case IMPLICIT -> new PortChoice(465, tls);
                    case STARTTLS -> new PortChoice(587, tls);
                    case NONE -> new PortChoice(25, tls);
                });
    }

    private void requireSense(PortChoice known, TlsMode wanted) {
        boolean startsPlain = known.tls() == TlsMode.STARTTLS && wanted == TlsMode.NONE;
        if (known.tls() != wanted && !startsPlain) {
            throw new SettingException(written.keyFor(RelayKey.TLS) + " is \"" + wanted.word() + "\", but port "
                    + known.port() + " of " + preset + " speaks " + known.tls().word() + "; leave "
                    + written.keyFor(RelayKey.TLS) + " out, or choose another port of " + inWords(this.known) + ".");
        }
    }

    private TlsMode usualTls(int port) {
        for (PortChoice choice : known) {
            if (choice.port() == port) {
                return choice.tls();
            }
        }
        if (IMPLICIT.contains(port)) {
            return TlsMode.IMPLICIT;
        }
        return Host.isLoopback(host) ? TlsMode.NONE : TlsMode.STARTTLS;
    }

    private @Nullable Integer port() {
        WrittenRelay.Setting setting = written.get(RelayKey.PORT);
        return setting == null
                ? null
                : Numbers.read(setting, 1, 65535, "not a port; use a number from 1 to 65535, usually 587 or 465.");
    }

    private @Nullable TlsMode tls() {
        WrittenRelay.Setting setting = written.get(RelayKey.TLS);
        if (setting == null) {
            return null;
        }
        String text = setting.value().strip();
        for (TlsMode mode : TlsMode.values()) {
            if (mode.word().equalsIgnoreCase(text)) {
                return mode;
            }
        }
        throw new SettingException(
                setting.key() + " is " + setting.shown() + ", which is not a TLS mode; use implicit (usual on"
                        + " port 465), starttls (usual on port 587) or none (readable for everyone on the way), or leave it"
                        + " out.");
    }

    private static String inWords(List<PortChoice> choices) {
        return choices.stream().map(PortChoice::toString).collect(Collectors.joining(", "));
    }
}
