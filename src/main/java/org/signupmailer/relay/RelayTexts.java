package org.signupmailer.relay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * Collects the texts of all relay settings. Spring would resolve <code>${…}</code> everywhere and, when it can't, put
 * the whole value into its exception. So texts are taken raw: a password that merely contains <code>${</code> stays as
 * it is and never shows up in a stack trace.
 */
final class RelayTexts {

    private static final Pattern ONE_PLACEHOLDER = Pattern.compile("\\$\\{[^${}]+}");
    private static final String[][] NUMBERED = {{"primary", "SMTP_"}, {"secondary", "SMTP_2_"}, {"tertiary", "SMTP_3_"}
    };

    private final ConfigurableEnvironment env;

    RelayTexts(Environment env) {
        if (!(env instanceof ConfigurableEnvironment configurable)) {
            throw new IllegalArgumentException("the relays' settings are read from a ConfigurableEnvironment");
        }
        this.env = configurable;
    }

    /** Primary, secondary and tertiary in any case, then the others. */
    List<WrittenRelay> read() {
        Map<String, WrittenRelay> relays = new LinkedHashMap<>();
        for (String[] numbered : NUMBERED) {
            WrittenRelay relay = new WrittenRelay(numbered[0], numbered[1]);
            for (RelayKey key : RelayKey.values()) {
                WrittenRelay.Setting setting =
                        key.shortName() == null ? null : findShort(key, numbered[1] + key.shortName());
                if (setting != null) {
                    relay.put(key, setting);
                }
            }
            relays.put(relay.name(), relay);
        }
        addLong(relays);
        return new ArrayList<>(relays.values());
    }

    /** Lower case too: that is how files in /run/secrets are usually called. */
    private WrittenRelay.@Nullable Setting findShort(RelayKey key, String name) {
        for (PropertySource<?> source : env.getPropertySources()) {
            for (String spelling : List.of(name, name.toLowerCase(Locale.ROOT))) {
                Object raw = source.getProperty(spelling);
                if (raw != null && !raw.toString().isBlank()) {
                    return new WrittenRelay.Setting(spelling, resolved(key, spelling, raw.toString()));
                }
            }
        }
        return null;
    }

    private void addLong(Map<String, WrittenRelay> relays) {
        Map<String, String> spellings = new TreeMap<>();
        bind().forEach((written, texts) -> {
            String name = written.toLowerCase(Locale.ROOT);
            if (!Relay.isName(name)) {
                throw new SettingException(RelaySettings.ROOT + "." + written + " names a relay \"" + written
                        + "\", but a relay's name is made of letters, digits and dashes, because its route is called"
                        + " relay-<name>; choose another name.");
            }
            String other = spellings.put(name, written);
            if (other != null) {
                throw new SettingException("Two relays are named \"" + name + "\" (" + RelaySettings.ROOT + "." + other
                        + " and " + RelaySettings.ROOT + "." + written + "); relay names must be unique.");
            }
            WrittenRelay relay = relays.computeIfAbsent(name, fresh -> new WrittenRelay(fresh, null));
            texts.forEach((key, text) -> addLong(relay, written, key, text));
        });
    }

    private void addLong(WrittenRelay relay, String writtenName, String writtenKey, String text) {
        String path = RelaySettings.ROOT + "." + writtenName + "." + writtenKey;
        RelayKey key = RelayKey.of(writtenKey);
        if (key == null) {
            List<String> known =
                    List.of(RelayKey.values()).stream().map(RelayKey::longName).toList();
            throw new SettingException(path + " is not a setting of a relay"
                    + Closest.to(writtenKey, known)
                            .map(near -> "; did you mean \"" + near + "\"?")
                            .orElse("; use one of " + String.join(", ", known) + "."));
        }
        if (!text.isBlank()) {
            String shown = asEnvironmentVariable(path);
            relay.put(key, new WrittenRelay.Setting(shown, resolved(key, shown, text)));
        }
    }

    private Map<String, Map<String, String>> bind() {
        ResolvableType texts = ResolvableType.forClassWithGenerics(Map.class, String.class, String.class);
        ResolvableType type =
                ResolvableType.forClassWithGenerics(Map.class, ResolvableType.forClass(String.class), texts);
        Bindable<Map<String, Map<String, String>>> target = Bindable.of(type);
        try {
            return new Binder(ConfigurationPropertySources.get(env), PlaceholdersResolver.NONE)
                    .bind(RelaySettings.ROOT, target)
                    .orElseGet(Map::of);
        } catch (BindException e) {
            // Without the cause: it may quote a value.
            throw new SettingException(e.getName()
                    + " is not a list of settings; write one setting a line below it, such as"
                    + " mailer.relays.<name>.host.");
        }
    }

    /** MAILER_RELAYS_EU_PORT if that is where it comes from. */
    private String asEnvironmentVariable(String path) {
        String variable = path.toUpperCase(Locale.ROOT).replace("-", "").replace('.', '_');
        return env.getSystemEnvironment().containsKey(variable) ? variable : path;
    }

    private String resolved(RelayKey key, String written, String raw) {
        if (key == RelayKey.PASSWORD && !ONE_PLACEHOLDER.matcher(raw.strip()).matches()) {
            return raw;
        }
        try {
            return env.resolveRequiredPlaceholders(raw);
        } catch (IllegalArgumentException e) {
            // Without the cause, which quotes the value; a password could be one that looks like a placeholder.
            throw new SettingException(
                    key == RelayKey.PASSWORD
                            ? written + " refers to another setting by ${…} which is not set; set that one, or write"
                                    + " the password itself."
                            : written + " is \"" + raw + "\", which refers to a setting that is not set; set it, or"
                                    + " write the value itself.");
        }
    }
}
