package org.signupmailer.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Finds words in a file that Camel does not know, by the schema that Camel publishes. It is read only when Camel has
 * refused a file: it is large, and Camel names only the first of them.
 */
final class CamelWords {

    private static final String SCHEMA = "/schema/camelYamlDsl.json";

    private final Findings findings;
    private final JsonNode root;

    CamelWords(Findings findings) {
        this.findings = findings;
        try (InputStream in = CamelWords.class.getResourceAsStream(SCHEMA)) {
            if (in == null) {
                throw new IllegalStateException("Camel's YAML schema is missing from its jar");
            }
            this.root = new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException("Camel's YAML schema can't be read", e);
        }
    }

    void look(String file, Node content) {
        for (Node entry : Yaml.items(content)) {
            walk(file, "the file", entry, root.path("items"));
        }
    }

    private void walk(String file, String where, Node node, JsonNode unresolved) {
        JsonNode schema = variant(resolve(unresolved), node);
        if (schema == null) {
            return;
        }
        if (node instanceof SequenceNode list) {
            list.getValue().forEach(item -> walk(file, where, item, schema.path("items")));
            return;
        }
        JsonNode properties = schema.path("properties");
        for (NodeTuple entry : Yaml.entries(node)) {
            String key = String.valueOf(Yaml.text(entry.getKeyNode()));
            JsonNode known = property(schema, key);
            if (known != null) {
                walk(file, key, entry.getValueNode(), known);
            } else if (!properties.isEmpty()
                    && schema.path("additionalProperties").isBoolean()) {
                unknown(file, where, entry.getKeyNode(), key, names(schema));
            }
        }
        missingList(file, where, node, schema);
    }

    private void missingList(String file, String where, Node node, JsonNode schema) {
        boolean list = schema.path("type").asText().equals("array");
        boolean object = schema.path("type").asText().equals("object");
        if (list && !(node instanceof SequenceNode)) {
            findings.error(
                    "form-wrong",
                    file,
                    node,
                    "\"" + where + "\" is to be a list; begin each of its entries with \"- \".");
        } else if (object && node instanceof SequenceNode) {
            findings.error(
                    "form-wrong",
                    file,
                    node,
                    "\"" + where + "\" is no list; take the \"- \" out and keep the indentation.");
        }
    }

    private void unknown(String file, String where, Node at, String key, List<String> names) {
        boolean step = where.equals("steps");
        findings.error(
                step ? "step-unknown" : "key-unknown",
                file,
                at,
                (step ? "there is no step \"" + key + "\"; " : "\"" + key + "\" can't stand in " + where + "; ")
                        + Findings.meant(
                                key,
                                names,
                                step
                                        ? "correct its name, or take the step out."
                                        : "correct its name, its indentation, or take it out."));
    }

    private JsonNode resolve(JsonNode schema) {
        JsonNode reference = schema.path("$ref");
        return reference.isMissingNode() ? schema : root.at(reference.asText().substring(1));
    }

    // Of oneOf and anyOf the one that has the form of what is written.
    private @Nullable JsonNode variant(JsonNode schema, Node node) {
        for (String choice : List.of("oneOf", "anyOf")) {
            if (schema.has(choice) && !schema.has("properties")) {
                String form =
                        node instanceof MappingNode ? "object" : node instanceof SequenceNode ? "array" : "string";
                for (JsonNode one : schema.path(choice)) {
                    JsonNode resolved = resolve(one);
                    if (resolved.path("type").asText().equals(form)) {
                        return resolved;
                    }
                }
                return null;
            }
        }
        return schema;
    }

    private @Nullable JsonNode property(JsonNode schema, String key) {
        JsonNode direct = schema.path("properties").path(key);
        if (!direct.isMissingNode() && !direct.isEmpty()) {
            return direct;
        }
        for (JsonNode one : alternatives(schema)) {
            JsonNode found = resolve(one).path("properties").path(key);
            if (!found.isMissingNode()) {
                return found;
            }
        }
        return direct.isMissingNode() ? null : direct;
    }

    private List<String> names(JsonNode schema) {
        List<String> names = new ArrayList<>();
        schema.path("properties").fieldNames().forEachRemaining(names::add);
        for (JsonNode one : alternatives(schema)) {
            resolve(one).path("properties").fieldNames().forEachRemaining(names::add);
        }
        return names;
    }

    private static List<JsonNode> alternatives(JsonNode schema) {
        List<JsonNode> all = new ArrayList<>();
        schema.path("anyOf").forEach(any -> {
            all.add(any);
            any.path("oneOf").forEach(all::add);
        });
        schema.path("oneOf").forEach(all::add);
        return all;
    }
}
