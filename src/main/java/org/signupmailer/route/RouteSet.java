package org.signupmailer.route;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.support.PatternHelper;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The routes of a folder as data: what of one state differs from another, and which route calls which. Comments,
 * formatting and the file in which a route stands make no difference.
 */
final class RouteSet {

    private final RouteFiles files;
    private final Map<String, Entry> routes = new LinkedHashMap<>();

    /**
     * One route.
     *
     * @param from the plain URI that it begins with: {@code relay:primary}
     * @param written what stands in the file
     * @param configurations the routeConfigurations that apply to it, in their order
     */
    record Entry(String id, String from, Map<?, ?> written, List<Map<?, ?>> configurations) {

        /** Whether it runs in the same way. */
        boolean sameAs(Entry other) {
            return written.equals(other.written) && configurations.equals(other.configurations);
        }

        /** The plain URIs that mails may go to from it. */
        Set<String> targets() {
            Set<String> targets = new LinkedHashSet<>();
            if (written.get("from") instanceof Map<?, ?> input) {
                collect(input.get("parameters"), targets);
                collect(input.get("steps"), targets);
            }
            collect(written.get("onException"), targets);
            collect(configurations, targets);
            targets.remove(from);
            return targets;
        }
    }

    private RouteSet(RouteFiles files) {
        this.files = files;
    }

    /** @param files that have passed the check */
    static RouteSet of(RouteFiles files) {
        RouteSet set = new RouteSet(files);
        List<Map<?, ?>> configurations = new ArrayList<>();
        List<Map<?, ?>> routes = new ArrayList<>();
        files.contents().forEach((name, content) -> {
            for (Object entry : entries(content)) {
                if (entry instanceof Map<?, ?> map) {
                    if (map.get("routeConfiguration") instanceof Map<?, ?> configuration) {
                        configurations.add(configuration);
                    } else if (map.get("route") instanceof Map<?, ?> route) {
                        routes.add(route);
                    }
                }
            }
        });
        for (Map<?, ?> route : routes) {
            String id = String.valueOf(route.get("id"));
            String from = route.get("from") instanceof Map<?, ?> input ? plain(String.valueOf(input.get("uri"))) : "";
            set.routes.put(id, new Entry(id, from, route, applying(route, configurations)));
        }
        return set;
    }

    private static List<?> entries(byte[] content) {
        Object read =
                new Load(LoadSettings.builder().build()).loadFromString(new String(content, StandardCharsets.UTF_8));
        return read instanceof List<?> list ? list : List.of();
    }

    // As RoutesDefinition.prepareRoute of Camel does it.
    private static List<Map<?, ?>> applying(Map<?, ?> route, List<Map<?, ?>> configurations) {
        List<Map<?, ?>> applying = new ArrayList<>();
        Object wanted = route.get("routeConfigurationId");
        for (String pattern :
                wanted == null ? new String[] {"*"} : String.valueOf(wanted).split(",", -1)) {
            for (Map<?, ?> configuration : configurations) {
                Object id = configuration.get("id");
                if (wanted == null
                        ? id == null || id.equals(pattern)
                        : id != null && PatternHelper.matchPattern(id.toString(), pattern)) {
                    applying.add(configuration);
                }
            }
        }
        return applying;
    }

    RouteFiles files() {
        return files;
    }

    /** By id, in the order of the files. */
    Map<String, Entry> routes() {
        return routes;
    }

    /** The ids so that whoever calls comes before whom it calls. */
    List<String> callersFirst() {
        List<String> calledFirst = new ArrayList<>();
        Set<String> seen = new LinkedHashSet<>();
        routes.keySet().forEach(id -> visit(id, seen, calledFirst));
        List<String> order = new ArrayList<>();
        for (int i = calledFirst.size() - 1; i >= 0; i--) {
            order.add(calledFirst.get(i));
        }
        return order;
    }

    private void visit(String id, Set<String> seen, List<String> calledFirst) {
        Entry entry = routes.get(id);
        if (entry == null || !seen.add(id)) {
            return;
        }
        for (String target : entry.targets()) {
            routes.values().stream()
                    .filter(other -> other.from().equals(target))
                    .forEach(other -> visit(other.id(), seen, calledFirst));
        }
        calledFirst.add(id);
    }

    private static void collect(@Nullable Object node, Set<String> targets) {
        if (node instanceof Map<?, ?> map) {
            map.forEach((key, value) -> {
                if (value instanceof String text && (key.equals("uri") || key.equals("next"))) {
                    targets.add(plain(text));
                } else {
                    collect(value, targets);
                }
            });
        } else if (node instanceof Iterable<?> list) {
            list.forEach(one -> collect(one, targets));
        }
    }

    static String plain(String uri) {
        return uri.replaceFirst("\\?.*", "").replaceFirst("^([a-zA-Z][a-zA-Z0-9+.-]*):/{2}", "$1:");
    }
}
