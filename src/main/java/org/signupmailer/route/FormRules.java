package org.signupmailer.route;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Whether a file is YAML, and a list of routes and routeConfigurations. */
final class FormRules {

    private static final List<String> ENTRIES = List.of("route", "routeConfiguration");
    private static final Set<String> CAMELS = Set.of(
            "beans",
            "dataFormats",
            "errorHandler",
            "intercept",
            "interceptFrom",
            "interceptSendToEndpoint",
            "onCompletion",
            "onException",
            "routeTemplate",
            "templatedRoute",
            "restConfiguration",
            "rest");

    private final Findings findings;

    FormRules(Findings findings) {
        this.findings = findings;
    }

    /** The file's content if nothing is wrong with its form; null otherwise. */
    @Nullable
    Node read(String file, byte[] content) {
        Node root = parse(file, content);
        if (root == null) {
            return null;
        }
        if (!(root instanceof SequenceNode list)) {
            findings.error(
                    "not-a-list",
                    file,
                    root,
                    "this is not a list of routes; begin each entry with \"- route:\" or \"- routeConfiguration:\".");
            return null;
        }
        if (list.getValue().isEmpty()) {
            return empty(file);
        }
        if (!isPlain(file, root, new IdentityHashMap<>())) {
            return null;
        }
        list.getValue().forEach(entry -> entry(file, entry));
        return findings.anyErrorIn(file) ? null : root;
    }

    private @Nullable Node parse(String file, byte[] content) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            Node root = new Compose(LoadSettings.builder().build())
                    .composeString(text)
                    .orElse(null);
            return root == null ? empty(file) : root;
        } catch (CharacterCodingException e) {
            findings.add(Finding.Severity.ERROR, "not-utf-8", file, 0, 0, "this is not UTF-8 text; save it as UTF-8.");
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().orElse(null);
            String problem = String.valueOf(e.getProblem()).strip();
            findings.add(
                    Finding.Severity.ERROR,
                    "not-yaml",
                    file,
                    mark == null ? 0 : mark.getLine() + 1,
                    mark == null ? 0 : mark.getColumn() + 1,
                    problem.contains("TAB")
                            ? "a tab stands where YAML wants blanks; use blanks for indentation."
                            : "this is not YAML (" + problem
                                    + "); correct this line or the one before, often its indentation.");
        } catch (YamlEngineException e) {
            findings.add(
                    Finding.Severity.ERROR,
                    "not-yaml",
                    file,
                    0,
                    0,
                    "this is not YAML that can be read; write one document without special characters.");
        }
        return null;
    }

    private @Nullable Node empty(String file) {
        findings.add(
                Finding.Severity.ERROR, "empty", file, 0, 0, "the file has no routes; write some, or remove the file.");
        return null;
    }

    // Without aliases, so that Kaoto and every reader see the same, and no key twice, of which one would be lost.
    private boolean isPlain(String file, Node node, Map<Node, Boolean> seen) {
        if (node.getAnchor().isPresent() || seen.put(node, true) != null) {
            findings.error(
                    "alias",
                    file,
                    node,
                    "an anchor (&) or alias (*) can't stand in a routes file, as tools write it out differently; write"
                            + " what it stands for.");
            return false;
        }
        boolean plain = true;
        if (node instanceof MappingNode map) {
            Set<String> keys = new HashSet<>();
            for (NodeTuple entry : map.getValue()) {
                String key = Yaml.text(entry.getKeyNode());
                if (key != null && !keys.add(key)) {
                    findings.error(
                            "key-twice",
                            file,
                            entry.getKeyNode(),
                            "\"" + key + "\" stands twice in the same place, and one of them would be lost; remove"
                                    + " one, or correct the indentation.");
                    plain = false;
                }
                plain &= isPlain(file, entry.getValueNode(), seen);
            }
        } else {
            for (Node item : Yaml.items(node)) {
                plain &= isPlain(file, item, seen);
            }
        }
        return plain;
    }

    private void entry(String file, Node entry) {
        List<NodeTuple> keys = Yaml.entries(entry);
        if (keys.isEmpty()) {
            findings.error(
                    "not-a-route",
                    file,
                    entry,
                    "this is no route; begin the entry with \"- route:\" or \"- routeConfiguration:\".");
        } else if (keys.size() > 1) {
            findings.error(
                    "not-a-route",
                    file,
                    keys.get(1).getKeyNode(),
                    "\"" + Yaml.text(keys.get(1).getKeyNode()) + "\" stands beside \""
                            + Yaml.text(keys.get(0).getKeyNode())
                            + "\" where one of them can stand; indent it by two more blanks, or begin a new entry with"
                            + " \"- \".");
        } else {
            kind(file, keys.get(0));
        }
    }

    private void kind(String file, NodeTuple entry) {
        String kind = String.valueOf(Yaml.text(entry.getKeyNode()));
        Node at = entry.getKeyNode();
        if (ENTRIES.contains(kind)) {
            if (!(entry.getValueNode() instanceof MappingNode)) {
                findings.error(
                        "not-a-route",
                        file,
                        at,
                        "nothing stands in this " + kind + "; indent what belongs to it by four blanks.");
            }
        } else if (kind.equals("from")) {
            findings.error(
                    "not-a-route",
                    file,
                    at,
                    "\"from\" can't begin an entry here, since a route needs an id and a description; begin with"
                            + " \"- route:\" and indent from below it.");
        } else if (CAMELS.contains(kind)) {
            findings.error(
                    "not-a-route",
                    file,
                    at,
                    "\"" + kind + "\" can't begin an entry here, since it could not be exchanged while mails flow; use"
                            + " route and routeConfiguration.");
        } else {
            findings.error(
                    "not-a-route",
                    file,
                    at,
                    "\"" + kind + "\" can't begin an entry here; "
                            + Findings.meant(kind, ENTRIES, "use route or routeConfiguration."));
        }
    }

    /** Keys by name, for looking up twins. */
    static final class Twins {

        private final Map<String, String> places = new HashMap<>();

        /** Where the name stood before; null the first time. */
        @Nullable
        String earlier(String name, String place) {
            return places.putIfAbsent(name, place);
        }
    }
}
