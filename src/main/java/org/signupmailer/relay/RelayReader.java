package org.signupmailer.relay;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;

/** Makes a relay of what was written, or says in one sentence why it can't. */
final class RelayReader {

    private static final Pattern SCHEME = Pattern.compile("(?i)[a-z][a-z0-9+.-]*://([^/:]*).*");
    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^:]+):(\\d+)");
    private static final Pattern NAME_AND_ADDRESS = Pattern.compile("(.*)<([^<>]+)>\\s*");
    private static final Pattern PLACEHOLDER = Pattern.compile(
            "(?i)change[-_ ]?(?:me|it)|(?:your|my|the)[-_ ].*|<.*>|x{3,}|\\*{3,}|\\.{3}|password|passwd|secret|example"
                    + "|todo|tbd|none|null|replace[-_ ]?me|insert[-_ ].*|app[-_ ]?password|api[-_ ]?key");

    private final ProviderPresets presets;
    private final Consumer<String> warnings;

    RelayReader(ProviderPresets presets, Consumer<String> warnings) {
        this.presets = presets;
        this.warnings = warnings;
    }

    /**
     * @param shared sender of the relays before this one
     * @throws SettingException if a setting makes no sense
     */
    Relay read(WrittenRelay written, RelaySettings.Sender shared) {
        ProviderPreset preset = provider(written);
        String host = host(written, preset);
        if (preset == null) {
            preset = presets.guess(host);
        } else if (!preset.hasHost(host) && !Host.isLoopback(host)) {
            warnings.accept(written.keyFor(RelayKey.HOST) + " is \"" + host + "\", which is not a known host of "
                    + preset + "; its limits and replies are used, its ports are not.");
        }
        List<PortChoice> ports = new RelayPorts(written, host, preset).choose();
        String user = user(written, preset);
        Secret secret = secret(written, user, preset, host);
        if (ports.get(0).tls() == TlsMode.NONE && !Host.isLoopback(host)) {
            warnings.accept(written.keyFor(RelayKey.TLS) + " is \"none\", so mails, codes"
                    + (user == null ? "" : " and the password")
                    + " travel to " + host + " readable for everyone on the way; use starttls or implicit.");
        }
        String from = from(written, user, preset, shared);
        String fromName = fromName(written);
        return new Relay(
                written.name(),
                host,
                ports,
                user,
                secret,
                from,
                fromName == null ? shared.name() : fromName,
                preset,
                new RelayLimitSettings(written, warnings).read(preset));
    }

    /** Of a relay that is only a sender for the others. */
    RelaySettings.Sender sharedSender(WrittenRelay written) {
        return new RelaySettings.Sender(explicitFrom(written), fromName(written));
    }

    /** 0 to 1000000, the lower the sooner; 100 if nothing is written. */
    static int priority(WrittenRelay written) {
        WrittenRelay.Setting setting = written.get(RelayKey.PRIORITY);
        return setting == null
                ? 100
                : Numbers.read(
                        setting,
                        0,
                        1_000_000,
                        "not a priority; use a whole number from 0 to 1000000, the lower the sooner.");
    }

    private @Nullable ProviderPreset provider(WrittenRelay written) {
        WrittenRelay.Setting setting = written.get(RelayKey.PROVIDER);
        if (setting == null) {
            return null;
        }
        String name = setting.value().strip();
        ProviderPreset preset = presets.byName(name.toLowerCase(Locale.ROOT));
        if (preset == null) {
            throw new SettingException(setting.key() + " is " + setting.shown() + ", which is not a known provider; "
                    + Closest.to(name, presets.names())
                            .map(near -> "did you mean \"" + near + "\"? Known are ")
                            .orElse("use one of ")
                    + String.join(", ", presets.names()) + ", or set " + written.keyFor(RelayKey.HOST) + " instead.");
        }
        return preset;
    }

    private String host(WrittenRelay written, @Nullable ProviderPreset preset) {
        WrittenRelay.Setting setting = written.get(RelayKey.HOST);
        if (setting == null) {
            return defaultHost(written, preset);
        }
        String text = setting.value().strip();
        String bare = Host.withoutBrackets(text);
        if (Host.isHost(bare)) {
            return bare;
        }
        String is = setting.key() + " is " + setting.shown() + ", which is ";
        Matcher url = SCHEME.matcher(text);
        if (url.matches()) {
            // The user part of a URL may hold a password, so the value isn't repeated.
            throw new SettingException(setting.key()
                    + " is a URL, but a host name alone is needed; write the host name without \"://\" and what"
                    + " follows it, the port in "
                    + written.keyFor(RelayKey.PORT) + " and the TLS mode in " + written.keyFor(RelayKey.TLS) + ".");
        }
        Matcher withPort = HOST_AND_PORT.matcher(text);
        if (withPort.matches()) {
            throw new SettingException(is + "a host with a port; write \"" + withPort.group(1) + "\" there and \""
                    + withPort.group(2) + "\" in " + written.keyFor(RelayKey.PORT) + ".");
        }
        if (text.contains("@")) {
            throw new SettingException(setting.key() + " holds an \"@\", but a host name is needed, not an address;"
                    + " write the SMTP server's name, such as smtp.example.com.");
        }
        if (text.chars().anyMatch(Character::isWhitespace)) {
            throw new SettingException(
                    is + "not a host name, because it holds white space; write one name, such as smtp.example.com.");
        }
        throw new SettingException(
                is + "neither a host name nor an IP address; write the SMTP server's name, such as smtp.example.com.");
    }

    private String defaultHost(WrittenRelay written, @Nullable ProviderPreset preset) {
        if (preset == null) {
            throw new SettingException(written.example().key() + " is set, but neither "
                    + written.keyFor(RelayKey.HOST) + " nor " + written.keyFor(RelayKey.PROVIDER)
                    + "; set one of them, or remove " + written.example().key() + ".");
        }
        String host = preset.defaultHost();
        if (host == null) {
            throw new SettingException(
                    written.keyFor(RelayKey.PROVIDER) + " is \"" + preset + "\", whose host depends on"
                            + " the region; set " + written.keyFor(RelayKey.HOST) + " to "
                            + preset.hosts().get(0).replace("*", "<region>") + ".");
        }
        return host;
    }

    private @Nullable String user(WrittenRelay written, @Nullable ProviderPreset preset) {
        WrittenRelay.Setting setting = written.get(RelayKey.USER);
        if (setting == null) {
            return preset == null || written.get(RelayKey.PASSWORD) == null
                    ? null
                    : preset.user().word();
        }
        String user = setting.value().strip();
        if (user.chars().anyMatch(Character::isISOControl)) {
            throw new SettingException(setting.key()
                    + " holds a line break or another control character; write the user" + " name on one line.");
        }
        if (PLACEHOLDER.matcher(user).matches()) {
            warnings.accept(setting.key() + " looks like a placeholder; set the real user name.");
        } else if (preset != null && !preset.user().looksRight(user)) {
            warnings.accept(setting.key() + " does not look like a user name of " + preset.displayName() + "; it is "
                    + preset.user().rule() + ".");
        }
        return user;
    }

    private @Nullable Secret secret(
            WrittenRelay written, @Nullable String user, @Nullable ProviderPreset preset, String host) {
        WrittenRelay.Setting setting = written.get(RelayKey.PASSWORD);
        String userKey = written.keyFor(RelayKey.USER);
        String passwordKey = written.keyFor(RelayKey.PASSWORD);
        if (setting == null) {
            if (user != null) {
                throw new SettingException(userKey + " is set, but " + passwordKey + " is not; set " + passwordKey
                        + (preset == null ? "" : " to " + preset.password().rule() + page(preset))
                        + ", or remove " + userKey + " if the relay asks for no login.");
            }
            if (preset != null && preset.hasHost(host)) {
                throw new SettingException(userKey + " and " + passwordKey + " are not set, but " + preset
                        + " takes mail only after a login; set " + userKey + " to "
                        + preset.user().rule() + " and " + passwordKey + " to "
                        + preset.password().rule() + page(preset) + ".");
            }
            return null;
        }
        if (user == null) {
            throw new SettingException(passwordKey + " is set, but " + userKey + " is not; set " + userKey
                    + (preset == null ? "" : " to " + preset.user().rule()) + ", or remove " + passwordKey
                    + " if the relay asks for no login.");
        }
        return new Secret(password(setting, preset));
    }

    private String password(WrittenRelay.Setting setting, @Nullable ProviderPreset preset) {
        String password = setting.value().strip();
        if (!password.equals(setting.value())) {
            warnings.accept(setting.key() + " began or ended with white space, which was cut off.");
        }
        if (password.chars().anyMatch(Character::isISOControl)) {
            throw new SettingException(setting.key()
                    + " holds a line break or another control character; write the password on one line.");
        }
        if (PLACEHOLDER.matcher(password).matches()) {
            warnings.accept(setting.key() + " looks like a placeholder; set the real password.");
        } else if (password.length() > 1 && password.matches("\"[^\"]*\"|'[^']*'")) {
            warnings.accept(setting.key()
                    + " is in quotation marks, which are taken as part of the password; remove them if they are not.");
        } else if (preset != null && !preset.password().looksRight(password)) {
            warnings.accept(setting.key() + " does not look like a password of " + preset.displayName() + "; it is "
                    + preset.password().rule() + page(preset) + ".");
        }
        return password;
    }

    private static String page(ProviderPreset preset) {
        URI page = preset.appPasswordPage();
        return page == null ? "" : " (" + page + ")";
    }

    private String from(
            WrittenRelay written, @Nullable String user, @Nullable ProviderPreset preset, RelaySettings.Sender shared) {
        String explicit = explicitFrom(written);
        boolean own = preset != null && preset.senderOwned();
        boolean userIsAddress = user != null && SenderAddress.isAddress(user);
        String key = written.keyFor(RelayKey.FROM);
        if (explicit != null) {
            if (own && userIsAddress && !explicit.equalsIgnoreCase(user)) {
                warnings.accept(key + " differs from " + written.keyFor(RelayKey.USER) + ", but " + preset
                        + " takes only senders that belong to the user; make sure that this one does.");
            }
            return explicit;
        }
        if (!own && shared.from() != null) {
            return shared.from();
        }
        if (user != null && userIsAddress) {
            warnings.accept(key + " is not set, so relay \"" + written.name() + "\" sends from its user name, which is"
                    + " an address; set " + key + " if mails shall come from another one.");
            return user;
        }
        throw new SettingException(key + " is not set, and relay \"" + written.name() + "\" has no other sender address"
                + (own && shared.from() != null ? " (" + preset + " takes only its own)" : "") + "; set " + key
                + " to the address that mails shall come from.");
    }

    private static @Nullable String explicitFrom(WrittenRelay written) {
        WrittenRelay.Setting setting = written.get(RelayKey.FROM);
        if (setting == null) {
            return null;
        }
        String text = setting.value().strip();
        if (SenderAddress.isAddress(text)) {
            return text;
        }
        Matcher named = NAME_AND_ADDRESS.matcher(text);
        if (named.matches() && SenderAddress.isAddress(named.group(2).strip())) {
            throw new SettingException(setting.key() + " is " + setting.shown() + ", which is an address with a"
                    + " name; write only the address there, and the name in "
                    + written.keyFor(RelayKey.FROM_NAME) + ".");
        }
        throw new SettingException(setting.key() + " is " + setting.shown()
                + ", which is not an e-mail address; write one address, such as no-reply@example.com.");
    }

    private static @Nullable String fromName(WrittenRelay written) {
        WrittenRelay.Setting setting = written.get(RelayKey.FROM_NAME);
        if (setting == null) {
            return null;
        }
        String name = setting.value().strip();
        if (!SenderAddress.isName(name)) {
            throw new SettingException(setting.key() + " is " + setting.shown()
                    + ", which holds a line break or another control character; write the name on one line.");
        }
        return name;
    }
}
