package org.signupmailer.route;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Finds in route files what Camel would pass over in silence, or tell only after it began to run: a file that is no list
 * of routes, an id twice, a relay with two routes, an error handling that does not exist. Everything else is Camel's to
 * find.
 */
final class RoutesCheck {

    private static final String RELAY = "relay:";

    private final Map<String, Path> configurations = new HashMap<>();
    private final Map<String, Path> routes = new HashMap<>();
    private final Map<String, String> relays = new HashMap<>();
    private final Map<String, String> wanted = new LinkedHashMap<>();

    /** @throws SettingException for the first flaw */
    static void of(List<Path> files) {
        RoutesCheck check = new RoutesCheck();
        for (Path file : files) {
            check.read(file);
        }
        check.wanted.forEach((route, configuration) -> {
            // A pattern is Camel's to match.
            if (!configuration.matches(".*[*|,(].*") && !check.configurations.containsKey(configuration)) {
                throw new SettingException("the route \"" + route + "\" in " + check.routes.get(route)
                        + " has the routeConfigurationId \"" + configuration
                        + "\", which no routeConfiguration has, so its failures would be handled by nobody; correct"
                        + " one of the two.");
            }
        });
    }

    private void read(Path file) {
        for (Object entry : entries(file)) {
            if (entry instanceof Map<?, ?> map) {
                if (map.get("routeConfiguration") instanceof Map<?, ?> configuration) {
                    once(configurations, "routeConfiguration", configuration.get("id"), file);
                } else if (map.get("route") instanceof Map<?, ?> route) {
                    route(route, file);
                }
            }
        }
    }

    private static List<?> entries(Path file) {
        Object content;
        try (InputStream in = Files.newInputStream(file)) {
            content = new Load(LoadSettings.builder().setLabel(file.toString()).build()).loadFromInputStream(in);
        } catch (YamlEngineException e) {
            // Camel tells it with line and column.
            return List.of();
        } catch (IOException e) {
            throw new SettingException("the routes file " + file
                    + " can't be read; let the user of signup-mailer read it, or take it out of MAILER_ROUTES_DIR.");
        }
        if (content instanceof List<?> list) {
            return new ArrayList<>(list);
        }
        throw new SettingException("the routes file " + file + " is "
                + (content == null ? "empty" : "not a list of routes")
                + "; begin each entry with \"- route:\" or \"- routeConfiguration:\", or take the file out of"
                + " MAILER_ROUTES_DIR.");
    }

    private void route(Map<?, ?> route, Path file) {
        once(routes, "route", route.get("id"), file);
        String id = text(route.get("id"));
        String uri = route.get("from") instanceof Map<?, ?> from ? text(from.get("uri")) : null;
        if (id == null) {
            return;
        }
        String configuration = text(route.get("routeConfigurationId"));
        if (configuration != null) {
            wanted.put(id, configuration);
        }
        if (uri != null && uri.startsWith(RELAY)) {
            String place = uri.replaceFirst("\\?.*", "");
            String other = relays.put(place, id);
            if (other != null) {
                throw new SettingException("the routes \"" + other + "\" and \"" + id + "\" both begin with from: "
                        + place + ", but only one route can take a relay's mail; correct the uri of one of them.");
            }
        }
    }

    private static void once(Map<String, Path> known, String what, @Nullable Object id, Path file) {
        String text = text(id);
        Path other = text == null ? null : known.put(text, file);
        if (other != null) {
            throw new SettingException("the " + what + " id \"" + text + "\" is used twice, in " + other
                    + (other.equals(file) ? "" : " and in " + file)
                    + "; ids must be unique, so rename one of the two.");
        }
    }

    private static @Nullable String text(@Nullable Object value) {
        return value instanceof String text ? text : null;
    }
}
