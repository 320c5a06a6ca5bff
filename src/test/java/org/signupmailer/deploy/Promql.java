package org.signupmailer.deploy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What an expression asks of metrics; that it is an expression at all is for promtool to say. */
final class Promql {

    private static final Pattern GRAFANAS = Pattern.compile("\\$\\{?[a-z_]+}?");
    private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern DURATION = Pattern.compile("\\[[^]]*]|\\b\\d+(?:\\.\\d+)?(?:ms|s|m|h|d|w)?\\b");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)?\\s*\\{([^}]*)}");
    private static final Pattern MATCHER = Pattern.compile("([a-zA-Z_]\\w*)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\s*\\(|[a-zA-Z0-9_:])");
    private static final Set<String> WORDS = Set.of(
            "and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring", "group_left", "group_right");

    private final Map<String, Map<String, String>> selected = new TreeMap<>();
    private final Set<String> labels = new TreeSet<>();
    private final Set<String> grouped = new TreeSet<>();

    private Promql() {}

    static Promql of(String expression) {
        Promql promql = new Promql();
        String rest = expression;
        Matcher selectors = SELECTOR.matcher(rest);
        while (selectors.find()) {
            Map<String, String> equal =
                    promql.selected.computeIfAbsent(selectors.group(1), name -> new LinkedHashMap<>());
            Matcher matchers = MATCHER.matcher(selectors.group(2));
            while (matchers.find()) {
                promql.labels.add(matchers.group(1));
                if (matchers.group(2).equals("=") && !matchers.group(3).startsWith("$")) {
                    equal.put(matchers.group(1), matchers.group(3));
                }
            }
        }
        rest = selectors.replaceAll(match -> match.group(1) == null ? "" : match.group(1));
        Matcher groups = GROUPING.matcher(rest);
        while (groups.find()) {
            for (String label : groups.group(2).split(",", -1)) {
                promql.labels.add(label.strip());
                if (groups.group(1).equals("by")) {
                    promql.grouped.add(label.strip());
                }
            }
        }
        rest = groups.replaceAll(" ");
        rest = TEXT.matcher(rest).replaceAll(" ");
        rest = DURATION.matcher(rest).replaceAll(" ");
        rest = GRAFANAS.matcher(rest).replaceAll(" ");
        NAME.matcher(rest)
                .results()
                .map(match -> match.group())
                .filter(name -> !WORDS.contains(name))
                .forEach(name -> promql.selected.computeIfAbsent(name, fresh -> new LinkedHashMap<>()));
        return promql;
    }

    /** The metrics that it reads, each with the values of labels that it demands. */
    Map<String, Map<String, String>> metrics() {
        return selected;
    }

    /** The labels that it selects or groups by. */
    Set<String> labels() {
        return labels;
    }

    /** The labels that are left when it is summed up. */
    Set<String> grouped() {
        return grouped;
    }
}
