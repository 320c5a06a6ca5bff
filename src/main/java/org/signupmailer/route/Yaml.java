package org.signupmailer.route;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reading YAML that keeps its places. */
final class Yaml {

    private Yaml() {}

    static List<NodeTuple> entries(@Nullable Node node) {
        return node instanceof MappingNode map ? map.getValue() : List.of();
    }

    static List<Node> items(@Nullable Node node) {
        return node instanceof SequenceNode list ? list.getValue() : List.of();
    }

    /** The value behind a key; null when there is none. */
    static @Nullable Node get(@Nullable Node node, String key) {
        for (NodeTuple entry : entries(node)) {
            if (key.equals(text(entry.getKeyNode()))) {
                return entry.getValueNode();
            }
        }
        return null;
    }

    /** The text behind a key; null when there is none, or no text. */
    static @Nullable String text(@Nullable Node node, String key) {
        return text(get(node, key));
    }

    static @Nullable String text(@Nullable Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : null;
    }

    static boolean isBlank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    static int line(Node node) {
        return node.getStartMark().map(Mark::getLine).orElse(-1) + 1;
    }

    static int column(Node node) {
        return node.getStartMark().map(Mark::getColumn).orElse(-1) + 1;
    }
}
