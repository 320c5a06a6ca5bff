package org.signupmailer.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The dashboard's panels and expressions. */
final class Dashboard {

    static final String FILE = "deploy/grafana/dashboards/signup-mailer.json";

    private final JsonNode file = Project.yaml(FILE);

    JsonNode file() {
        return file;
    }

    List<JsonNode> panels() {
        return Project.each(file.path("panels")).toList();
    }

    /** Those that show something, not the headings. */
    List<JsonNode> graphs() {
        return panels().stream()
                .filter(panel -> !panel.path("type").asText().equals("row"))
                .toList();
    }

    /** All expressions, by where they stand. */
    Map<String, String> expressions() {
        Map<String, String> expressions = new LinkedHashMap<>();
        for (JsonNode panel : graphs()) {
            List<String> own = new ArrayList<>();
            Project.each(panel.path("targets"))
                    .forEach(target -> own.add(target.path("expr").asText()));
            for (int i = 0; i < own.size(); i++) {
                expressions.put("panel \"" + panel.path("title").asText() + "\" " + (char) ('A' + i), own.get(i));
            }
        }
        return expressions;
    }
}
