package org.signupmailer.route;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Whether everything that log lines, metrics and Hawtio name has one id of its own, and says what it is for. */
final class IdRules {

    /** Steps that call something, and are boxes on the map in Hawtio. */
    private static final Set<String> CALLS = Set.of(
            "to",
            "toD",
            "bean",
            "process",
            "wireTap",
            "enrich",
            "pollEnrich",
            "poll",
            "recipientList",
            "routingSlip",
            "dynamicRouter");

    private final Findings findings;
    private final FormRules.Twins routes = new FormRules.Twins();
    private final FormRules.Twins configurations = new FormRules.Twins();
    private final FormRules.Twins nodes = new FormRules.Twins();

    IdRules(Findings findings) {
        this.findings = findings;
    }

    void look(Written written) {
        for (Written.Route route : written.routes) {
            id("route", route.file(), route.at(), route.body(), routes);
            description("route", route.file(), route.at(), route.body());
        }
        for (Written.Configuration configuration : written.configurations) {
            id("routeConfiguration", configuration.file(), configuration.at(), configuration.body(), configurations);
        }
        for (Written.Step step : written.steps()) {
            String kind = "step \"" + step.kind() + "\"";
            if (Yaml.isBlank(step.id())) {
                missing(kind, step.file(), step.at());
            }
            if (CALLS.contains(step.kind())) {
                description(kind, step.file(), step.at(), step.body());
            }
        }
        written.files.forEach(file -> Yaml.items(file.root()).forEach(entry -> Yaml.entries(entry)
                .forEach(route -> inside(file.name(), route.getValueNode(), true))));
    }

    // Steps, from, when, onException: Camel wants their ids to differ from each other.
    private void inside(String file, Node node, boolean top) {
        for (NodeTuple entry : Yaml.entries(node)) {
            String key = Yaml.text(entry.getKeyNode());
            if ("id".equals(key) && !top) {
                String id = Yaml.text(entry.getValueNode());
                if (id != null && !id.isBlank()) {
                    twin("step", id, file, entry.getValueNode(), nodes);
                }
            } else if (!"parameters".equals(key)) {
                inside(file, entry.getValueNode(), false);
            }
        }
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> inside(file, item, false));
        }
    }

    private void id(String what, String file, Node at, Node body, FormRules.Twins known) {
        @Nullable Node id = Yaml.get(body, "id");
        String text = Yaml.text(id);
        if (id == null || Yaml.isBlank(text)) {
            missing(what, file, at);
        } else {
            twin(what, String.valueOf(text), file, id, known);
        }
    }

    private void missing(String what, String file, Node at) {
        findings.error(
                "id-missing",
                file,
                at,
                "this " + what + " has no id, by which log lines, metrics and Hawtio would know it; give it one, such"
                        + " as id: my-" + what.replaceAll(".* |\"", "").toLowerCase(Locale.ROOT) + ".");
    }

    private void twin(String what, String id, String file, Node at, FormRules.Twins known) {
        String earlier = known.earlier(id, findings.place(file, at));
        if (earlier != null) {
            findings.error(
                    "id-twice",
                    file,
                    at,
                    "the " + what + " id \"" + id + "\" stands at " + earlier
                            + " too; ids must be unique, so rename one of the two.");
        }
    }

    private void description(String what, String file, Node at, Node body) {
        if (Yaml.isBlank(Yaml.text(body, "description"))) {
            findings.error(
                    "description-missing",
                    file,
                    at,
                    "this " + what + " has no description, without which nobody understands the map in Hawtio; add"
                            + " description: and what it is for.");
        }
    }
}
