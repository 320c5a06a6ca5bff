package org.signupmailer.route;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.Closest;
import org.snakeyaml.engine.v2.nodes.Node;

/** Collects what the rules of the check find. */
final class Findings {

    private static final int LONGEST = 500;
    private static final int LONGEST_NAME = 60;

    private final RouteFiles files;
    private final List<Finding> found = new ArrayList<>();

    Findings(RouteFiles files) {
        this.files = files;
    }

    void error(String rule, String file, Node at, String sentence) {
        add(Finding.Severity.ERROR, rule, file, Yaml.line(at), Yaml.column(at), sentence);
    }

    void warning(String rule, String file, Node at, String sentence) {
        add(Finding.Severity.WARNING, rule, file, Yaml.line(at), Yaml.column(at), sentence);
    }

    void add(Finding.Severity severity, String rule, String file, int line, int column, String sentence) {
        String path = file.isEmpty() ? files.folder().toString() : files.path(file);
        Finding finding = new Finding(severity, rule, path, line, column, oneLine(sentence));
        if (!found.contains(finding)) {
            found.add(finding);
        }
    }

    // What stands in the files may be anything; a log line is to stay one.
    private static String oneLine(String sentence) {
        String line = sentence.replaceAll("[\\s\\p{Cntrl}]+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }

    /** A name as messages quote it. */
    static String quoted(@Nullable String name) {
        String text = String.valueOf(name);
        return "\"" + (text.length() <= LONGEST_NAME ? text : text.substring(0, LONGEST_NAME) + "…") + "\"";
    }

    /** Where something else stands, as messages name it. */
    String place(String file, Node at) {
        return files.path(file) + ":" + Yaml.line(at);
    }

    boolean anyError() {
        return found.stream().anyMatch(finding -> finding.severity() == Finding.Severity.ERROR);
    }

    boolean anyErrorIn(String file) {
        return found.stream()
                .anyMatch(finding -> finding.severity() == Finding.Severity.ERROR
                        && finding.file().equals(files.path(file)));
    }

    /** Errors first, in the order of the files. */
    List<Finding> inOrder() {
        return found.stream().sorted(Finding.IN_ORDER).toList();
    }

    /** The question whether another word was meant, or, if none is near, what to do otherwise. */
    static String meant(String word, Collection<String> allowed, String otherwise) {
        return Closest.to(word, allowed)
                .map(close -> "did you mean \"" + close + "\"?")
                .orElse(otherwise);
    }
}
