package org.signupmailer.route;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** What stands in the route files, with its places: routes, routeConfigurations and their steps. */
final class Written {

    final List<Route> routes = new ArrayList<>();
    final List<Configuration> configurations = new ArrayList<>();
    final List<File> files = new ArrayList<>();

    /** A file that is YAML. */
    record File(String name, Node root) {}

    /** A step in a list of steps. */
    record Step(String file, String kind, Node at, Node body) {

        @Nullable
        String id() {
            return Yaml.text(body, "id");
        }

        /** The endpoint, without its parameters; null when it has none. */
        @Nullable
        Node uri() {
            return switch (kind) {
                case "to", "toD", "wireTap", "poll" -> Yaml.text(body) != null ? body : Yaml.get(body, "uri");
                default -> Yaml.get(body, "uri");
            };
        }
    }

    /** A route. */
    record Route(String file, Node at, Node body, List<Step> steps) {

        @Nullable
        String id() {
            return Yaml.text(body, "id");
        }

        @Nullable
        Node from() {
            return Yaml.get(body, "from");
        }

        @Nullable
        Node uri() {
            return Yaml.get(from(), "uri");
        }

        /** Without parameters, or empty. */
        String plainUri() {
            String uri = Yaml.text(uri());
            return uri == null ? "" : RouteSet.plain(uri);
        }

        boolean isPlace() {
            return plainUri().startsWith("relay:");
        }

        /** As messages name it. */
        String name() {
            return id() == null ? "the route" : "the route \"" + id() + "\"";
        }

        /** Where mail goes that a relay's place can't take; null when it does not say. */
        @Nullable
        Node next() {
            Node next = Yaml.get(Yaml.get(from(), "parameters"), "next");
            return next;
        }
    }

    /** A routeConfiguration. */
    record Configuration(String file, Node at, Node body, List<Step> steps) {

        @Nullable
        String id() {
            return Yaml.text(body, "id");
        }
    }

    /** Takes in a file whose form has been looked at. */
    void add(String file, Node root) {
        files.add(new File(file, root));
        for (Node entry : Yaml.items(root)) {
            Node route = Yaml.get(entry, "route");
            if (route != null) {
                routes.add(new Route(file, keyOf(entry, "route"), route, steps(file, route)));
            }
            Node configuration = Yaml.get(entry, "routeConfiguration");
            if (configuration != null) {
                configurations.add(new Configuration(
                        file, keyOf(entry, "routeConfiguration"), configuration, steps(file, configuration)));
            }
        }
    }

    /** All steps, those of routes first. */
    List<Step> steps() {
        List<Step> all = new ArrayList<>();
        routes.forEach(route -> all.addAll(route.steps));
        configurations.forEach(configuration -> all.addAll(configuration.steps));
        return all;
    }

    private static Node keyOf(Node map, String key) {
        for (NodeTuple entry : Yaml.entries(map)) {
            if (key.equals(Yaml.text(entry.getKeyNode()))) {
                return entry.getKeyNode();
            }
        }
        return map;
    }

    private static List<Step> steps(String file, Node within) {
        List<Step> found = new ArrayList<>();
        collect(file, within, found);
        return found;
    }

    private static void collect(String file, Node node, List<Step> found) {
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(one -> collect(file, one, found));
        }
        for (NodeTuple entry : Yaml.entries(node)) {
            Node value = entry.getValueNode();
            if ("steps".equals(Yaml.text(entry.getKeyNode()))) {
                for (Node step : Yaml.items(value)) {
                    for (NodeTuple kind : Yaml.entries(step)) {
                        String name = Yaml.text(kind.getKeyNode());
                        if (name != null) {
                            found.add(new Step(file, name, kind.getKeyNode(), kind.getValueNode()));
                        }
                        collect(file, kind.getValueNode(), found);
                    }
                }
            } else {
                collect(file, value, found);
            }
        }
    }
}
