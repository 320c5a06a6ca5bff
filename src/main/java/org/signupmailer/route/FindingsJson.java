package org.signupmailer.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Findings for other programs: a plain list, or SARIF 2.1.0 (OASIS), which code hosts show beside the lines. */
record FindingsJson(JsonNode json) {

    private static final JsonNodeFactory NEW = JsonNodeFactory.instance;

    /** One object for each finding. */
    static FindingsJson list(List<Finding> findings) {
        ArrayNode list = NEW.arrayNode();
        for (Finding finding : findings) {
            list.addObject()
                    .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
                    .put("rule", finding.rule())
                    .put("file", finding.file())
                    .put("line", finding.line())
                    .put("column", finding.column())
                    .put("message", finding.sentence());
        }
        return new FindingsJson(list);
    }

    /** One run of one tool. */
    static FindingsJson sarif(List<Finding> findings) {
        ObjectNode root = NEW.objectNode();
        root.put("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
        root.put("version", "2.1.0");
        ObjectNode run = root.putArray("runs").addObject();
        ObjectNode driver = run.putObject("tool").putObject("driver");
        driver.put("name", "signup-mailer check-routes");
        ArrayNode rules = driver.putArray("rules");
        TreeSet<String> names = new TreeSet<>();
        findings.forEach(finding -> names.add(finding.rule()));
        names.forEach(name -> rules.addObject().put("id", name));
        ArrayNode results = run.putArray("results");
        for (Finding finding : findings) {
            ObjectNode result = results.addObject();
            result.put("ruleId", finding.rule());
            result.put("level", finding.severity().name().toLowerCase(Locale.ROOT));
            result.putObject("message").put("text", finding.sentence());
            ObjectNode place = result.putArray("locations").addObject().putObject("physicalLocation");
            place.putObject("artifactLocation")
                    .put("uri", finding.file().replace('\\', '/').replace(" ", "%20"));
            if (finding.line() > 0) {
                place.putObject("region").put("startLine", finding.line()).put("startColumn", finding.column());
            }
        }
        return new FindingsJson(root);
    }

    String text() throws JsonProcessingException {
        return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json);
    }
}
