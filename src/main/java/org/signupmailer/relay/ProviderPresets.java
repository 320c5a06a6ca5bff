package org.signupmailer.relay;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** All provider presets that ship with the product, checked when loaded. */
public final class ProviderPresets {

    private static final String RESOURCE = "/relay/provider-presets.yaml";

    private final Map<String, ProviderPreset> byName = new LinkedHashMap<>();

    private ProviderPresets(List<ProviderPreset> presets) {
        for (ProviderPreset preset : presets) {
            if (byName.put(preset.name(), preset) != null) {
                throw new IllegalStateException("Two presets are named \"" + preset.name() + "\"");
            }
        }
    }

    /**
     * Reads the presets from the jar.
     *
     * @throws IllegalStateException if the file breaks its own rules, which only a broken build can do
     */
    public static ProviderPresets load() {
        try (InputStream in = ProviderPresets.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing from the jar");
            }
            return parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ProviderPresets parse(InputStream yaml) throws IOException {
        FileEntry file;
        try {
            file = RelayYaml.MAPPER.readValue(yaml, FileEntry.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(RESOURCE + ": " + RelayYaml.where(e), e);
        }
        return new ProviderPresets(file.presets.stream().map(Entry::toPreset).toList());
    }

    /** The preset of that name, or null. */
    public @Nullable ProviderPreset byName(String name) {
        return byName.get(name);
    }

    /**
     * The first preset that has this host, or null. Providers that share a host are told apart only by name; the one
     * with the lower limits comes first in the file.
     */
    public @Nullable ProviderPreset guess(String host) {
        return byName.values().stream()
                .filter(preset -> preset.hasHost(host))
                .findFirst()
                .orElse(null);
    }

    /** The names, in the order of the file. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** All, in the order of the file. */
    public List<ProviderPreset> all() {
        return List.copyOf(byName.values());
    }

    private record FileEntry(List<Entry> presets) {}

    private record PortEntry(int port, TlsMode tls) {}

    private record RuleEntry(
            @Nullable String rule,
            @Nullable String word,
            @Nullable String pattern) {

        ProviderPreset.CredentialRule toRule() {
            if (rule == null) {
                throw new IllegalArgumentException("a user or password needs a rule");
            }
            return new ProviderPreset.CredentialRule(rule, word, pattern == null ? null : Pattern.compile(pattern));
        }
    }

    private record MailsEntry(
            int count,
            ProviderPreset.@Nullable Per per,
            @Nullable String when,
            ProviderPreset.@Nullable Resets resets,
            ProviderPreset.@Nullable Excess excess) {

        ProviderPreset.MailLimit toLimit() {
            if (count < 1 || per == null) {
                throw new IllegalArgumentException("a mail limit needs a count above 0 and a time");
            }
            return new ProviderPreset.MailLimit(
                    count,
                    per,
                    when,
                    resets == null ? ProviderPreset.Resets.UNKNOWN : resets,
                    excess == null ? ProviderPreset.Excess.REFUSED : excess);
        }
    }

    private record LimitsEntry(
            @Nullable Integer connections,
            @Nullable Integer mailsPerConnection,
            @Nullable Integer closesIdleAfter,
            @Nullable Integer recipientsPerMail,
            boolean blockGrows,
            @Nullable List<MailsEntry> mails) {

        ProviderPreset.Limits toLimits() {
            for (Integer limit :
                    new Integer @Nullable [] {connections, mailsPerConnection, closesIdleAfter, recipientsPerMail}) {
                if (limit != null && limit < 1) {
                    throw new IllegalArgumentException("a limit must be above 0");
                }
            }
            return new ProviderPreset.Limits(
                    connections,
                    mailsPerConnection,
                    closesIdleAfter == null ? null : Duration.ofSeconds(closesIdleAfter),
                    recipientsPerMail,
                    blockGrows,
                    mails == null
                            ? List.of()
                            : mails.stream().map(MailsEntry::toLimit).toList());
        }
    }

    private record Entry(
            @Nullable String name,
            @Nullable String displayName,
            @Nullable List<String> hosts,
            @Nullable List<PortEntry> ports,
            @Nullable RuleEntry user,
            @Nullable RuleEntry password,
            @Nullable URI appPasswordPage,
            @Nullable LimitsEntry limits,
            boolean senderOwned,
            @Nullable String idempotencyHeader,
            @Nullable List<String> facts,
            @Nullable List<String> unverified) {

        ProviderPreset toPreset() {
            try {
                return checked();
            } catch (IllegalArgumentException e) {
                String rule =
                        e instanceof PatternSyntaxException ? "a pattern is not a regular expression" : e.getMessage();
                throw new IllegalStateException("Preset \"" + name + "\": " + rule, e);
            }
        }

        private ProviderPreset checked() {
            if (name == null || !Relay.isName(name)) {
                throw new IllegalArgumentException("a name is made of lower-case letters, digits and dashes");
            }
            if (displayName == null || user == null || password == null) {
                throw new IllegalArgumentException("displayName, user and password are needed");
            }
            if (hosts == null || hosts.isEmpty() || ports == null || ports.isEmpty()) {
                throw new IllegalArgumentException("a host and a port are needed");
            }
            if (hosts.stream().anyMatch(host -> !Host.isHost(host.replace('*', 'x')))) {
                throw new IllegalArgumentException("a host is not a host name");
            }
            List<PortChoice> choices = new ArrayList<>();
            Set<String> parts = new HashSet<>(List.of("hosts", "user", "password", "limits", "senderOwned"));
            for (PortEntry entry : ports) {
                choices.add(new PortChoice(entry.port, entry.tls));
                if (!parts.add("port " + entry.port)) {
                    throw new IllegalArgumentException("port " + entry.port + " is there twice");
                }
            }
            List<String> doubted = unverified == null ? List.of() : unverified;
            if (!parts.containsAll(doubted)) {
                throw new IllegalArgumentException("unverified names a part that is not there: " + doubted);
            }
            if (appPasswordPage != null && !"https".equals(appPasswordPage.getScheme())) {
                throw new IllegalArgumentException("appPasswordPage must be an https address");
            }
            return new ProviderPreset(
                    name,
                    displayName,
                    hosts,
                    choices,
                    user.toRule(),
                    password.toRule(),
                    appPasswordPage,
                    limits == null ? ProviderPreset.Limits.UNKNOWN : limits.toLimits(),
                    senderOwned,
                    idempotencyHeader,
                    facts == null ? List.of() : facts,
                    doubted);
        }
    }
}
