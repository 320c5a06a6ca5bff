package org.signupmailer.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Prometheus' own check, as Debian's package prometheus has it. */
final class Promtool {

    private Promtool() {}

    /** Fails unless Prometheus takes each of these as the expression of a rule. */
    static void understands(List<String> expressions) {
        List<Map<String, String>> rules = new ArrayList<>();
        for (int i = 0; i < expressions.size(); i++) {
            rules.add(Map.of("record", "expression_" + i, "expr", expressions.get(i)));
        }
        try {
            Path file = Files.createTempFile("rules", ".json");
            try {
                // YAML has JSON in it.
                new ObjectMapper()
                        .writeValue(file.toFile(), Map.of("groups", List.of(Map.of("name", "all", "rules", rules))));
                Tool.run("promtool", "check", "rules", file.toString()).succeeds();
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The rules can't be written", e);
        }
    }
}
