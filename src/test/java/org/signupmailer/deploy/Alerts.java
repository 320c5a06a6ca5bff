package org.signupmailer.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The rules of the alerts. */
final class Alerts {

    static final String FILE = "deploy/prometheus/alerts.yml";

    private Alerts() {}

    private static Stream<JsonNode> rules() {
        return Project.each(Project.yaml(FILE).path("groups")).flatMap(group -> Project.each(group.path("rules")));
    }

    static List<JsonNode> alerts() {
        return rules().filter(rule -> rule.has("alert")).toList();
    }

    /** What rules compute for other rules. */
    static List<String> recorded() {
        return rules().filter(rule -> rule.has("record"))
                .map(rule -> rule.path("record").asText())
                .toList();
    }

    /** All expressions, by where they stand. */
    static Map<String, String> expressions() {
        Map<String, String> expressions = new LinkedHashMap<>();
        rules().forEach(rule -> expressions.put(
                "rule " + rule.path("alert").asText(rule.path("record").asText()),
                rule.path("expr").asText()));
        return expressions;
    }
}
