package org.signupmailer.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.Relays;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;

/**
 * What routes may refer to outside their files.
 *
 * @param settings the value of a setting; null when it is not set
 * @param settingNames names to suggest
 * @param relays the names of the configured relays in their order; null when nobody knows them here
 */
record Surroundings(
        UnaryOperator<@Nullable String> settings,
        Set<String> settingNames,
        @Nullable List<String> relays) {

    static Surroundings of(Environment environment, @Nullable List<Relay> relays) {
        Set<String> names = new TreeSet<>();
        if (environment instanceof ConfigurableEnvironment configurable) {
            configurable.getPropertySources().forEach(source -> {
                if (source instanceof EnumerablePropertySource<?> enumerable) {
                    for (String name : enumerable.getPropertyNames()) {
                        if (name.startsWith("mailer.")) {
                            names.add(name);
                        }
                    }
                }
            });
        }
        return new Surroundings(
                name -> name == null ? null : environment.getProperty(name),
                names,
                relays == null ? null : relays.stream().map(Relay::name).toList());
    }

    /** Whether a route may send through this relay: it is configured, or one of those that may be without settings. */
    boolean knowsRelay(String name) {
        return relays == null || relays.contains(name) || Relays.SHORT_NAMES.contains(name);
    }

    /** All names that {@link #knowsRelay} knows. */
    List<String> knownRelays() {
        List<String> known = new ArrayList<>(Relays.SHORT_NAMES);
        if (relays != null) {
            relays.stream().filter(name -> !known.contains(name)).forEach(known::add);
        }
        return known;
    }
}
