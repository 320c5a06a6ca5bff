package org.signupmailer.route;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.signupmailer.relay.Closest;
import org.snakeyaml.engine.v2.nodes.Node;

/** Whether every mail has a way: from the topic to the first relay, from relay to relay, and to the dead letters. */
final class ChainRules {

    private static final String RELAY = "relay:";
    private static final String DIRECT = "direct:";
    private static final String NEXT = "relay:next";

    private final Findings findings;
    private final Surroundings surroundings;
    private final Map<String, Written.Route> byUri = new LinkedHashMap<>();
    private final Set<Set<String>> circled = new HashSet<>();

    ChainRules(Findings findings, Surroundings surroundings) {
        this.findings = findings;
        this.surroundings = surroundings;
    }

    void look(Written written) {
        written.routes.forEach(this::begin);
        written.routes.forEach(route -> {
            if (route.isPlace()) {
                next(route);
            }
            targets(route.file(), route.steps());
        });
        written.configurations.forEach(configuration -> targets(configuration.file(), configuration.steps()));
        if (!findings.anyError()) {
            byUri.values().stream().filter(Written.Route::isPlace).forEach(this::way);
        }
        deadLetters(written);
        if (!findings.anyError()) {
            new UnusedRules(findings, surroundings, byUri).look(written);
        }
    }

    private void begin(Written.Route route) {
        String uri = route.plainUri();
        Node at = route.uri();
        if (at == null || uri.isEmpty()) {
            return;
        }
        if (uri.equals(NEXT)) {
            findings.error(
                    "place-wrong",
                    route.file(),
                    at,
                    route.name() + " can't begin with relay:next, which is no relay's place; name the relay, such as"
                            + " relay:primary.");
            return;
        }
        Written.Route other = byUri.putIfAbsent(uri, route);
        if (other != null && (uri.startsWith(RELAY) || uri.startsWith(DIRECT) || uri.startsWith("signup-events:"))) {
            findings.error(
                    "from-twice",
                    route.file(),
                    at,
                    route.name() + " begins with " + uri + ", as " + other.name() + " at "
                            + findings.place(other.file(), other.at())
                            + " does, but only one route can; correct the uri of one of them.");
        }
    }

    private void next(Written.Route route) {
        Node next = route.next();
        String to = Yaml.text(next);
        if (next == null || to == null || to.isBlank()) {
            findings.error(
                    "next-missing",
                    route.file(),
                    next != null ? next : route.uri() != null ? route.uri() : route.at(),
                    route.name() + " does not say where mail goes that this relay can't take; add next: below"
                            + " parameters:, such as next: relay:secondary, and for the last one next:"
                            + " direct:no-relay-took-it.");
            return;
        }
        String plain = RouteSet.plain(to);
        if (plain.equals(NEXT)) {
            findings.error(
                    "next-wrong",
                    route.file(),
                    next,
                    "next: can't be relay:next, which is no relay's place; name the relay, such as relay:secondary.");
        } else if (!plain.startsWith(RELAY) && !plain.startsWith(DIRECT)) {
            findings.error(
                    "next-wrong",
                    route.file(),
                    next,
                    "next: is \"" + plain + "\", where no mail is retried or becomes a dead letter; name a relay's"
                            + " place or direct:no-relay-took-it.");
        } else {
            served(route.file(), next, plain);
        }
    }

    private void targets(String file, List<Written.Step> steps) {
        for (Written.Step step : steps) {
            Node at = step.uri();
            String uri = Yaml.text(at);
            if (at != null && uri != null && !step.kind().equals("toD") && !uri.contains("{{")) {
                served(file, at, RouteSet.plain(uri));
            }
        }
    }

    private void served(String file, Node at, String uri) {
        boolean relay = uri.startsWith(RELAY);
        if (uri.equals(NEXT) || (!relay && !uri.startsWith(DIRECT)) || byUri.containsKey(uri)) {
            return;
        }
        String scheme = relay ? RELAY : DIRECT;
        String meant = byUri.keySet().stream()
                .filter(other -> other.startsWith(scheme))
                .map(other -> other.substring(scheme.length()))
                .collect(Collectors.collectingAndThen(
                        Collectors.toList(), names -> Closest.to(uri.substring(scheme.length()), names)))
                .map(name -> "did you mean " + scheme + name + "?")
                .orElse("add one with from: " + uri + ", or correct the name.");
        findings.error(
                relay ? "relay-without-route" : "direct-without-route",
                file,
                at,
                "no route begins with " + uri + ", so mail would go nowhere; " + meant);
    }

    private void way(Written.Route first) {
        Set<String> passed = new LinkedHashSet<>();
        Written.Route route = first;
        while (route != null && route.isPlace()) {
            if (!passed.add(route.plainUri())) {
                if (circled.add(Set.copyOf(passed)) && route.equals(first)) {
                    findings.error(
                            "circle",
                            route.file(),
                            route.next() == null ? route.at() : route.next(),
                            "the relays ask each other in a circle: " + String.join(", ", passed) + ", "
                                    + route.plainUri()
                                    + "; let the last one's next be direct:no-relay-took-it.");
                }
                return;
            }
            route = byUri.get(RouteSet.plain(String.valueOf(Yaml.text(route.next()))));
        }
        if (route != null && !ends(route, new HashSet<>())) {
            Written.Route last = byUri.get(new ArrayList<>(passed).get(passed.size() - 1));
            if (first.equals(last)) {
                findings.error(
                        "chain-without-end",
                        first.file(),
                        first.next() == null ? first.at() : first.next(),
                        "behind the last relay comes " + route.name() + ", which neither retries a mail nor writes a"
                                + " dead letter; let next be direct:no-relay-took-it.");
            }
        }
    }

    /** Whether mails that come to it are retried or become dead letters. */
    private boolean ends(Written.Route route, Set<String> seen) {
        if (!seen.add(route.plainUri())) {
            return false;
        }
        for (Written.Step step : route.steps()) {
            if (calls(step, "chainEnd", "noRelayTookIt") || calls(step, "deadLetter", "write")) {
                return true;
            }
            String uri = Yaml.text(step.uri());
            Written.Route target = uri == null ? null : byUri.get(RouteSet.plain(uri));
            if (target != null && !target.isPlace() && ends(target, seen)) {
                return true;
            }
        }
        return false;
    }

    static boolean calls(Written.Step step, String bean, String method) {
        String called = Yaml.text(step.body(), "method");
        return step.kind().equals("bean")
                && bean.equals(Yaml.text(step.body(), "ref"))
                && (called == null || called.replaceFirst("\\(.*", "").equals(method));
    }

    private void deadLetters(Written written) {
        if (written.routes.isEmpty()) {
            return;
        }
        Map<String, Boolean> writes = new HashMap<>();
        written.routes.forEach(route -> writes.put(
                String.valueOf(route.id()),
                route.steps().stream().anyMatch(step -> calls(step, "deadLetter", "write"))));
        if (!writes.containsValue(true)) {
            Written.Route at = byUri.getOrDefault("direct:dead-letter", written.routes.get(0));
            findings.error(
                    "no-dead-letters",
                    at.file(),
                    at.at(),
                    "no route writes dead letters; put the step bean with ref: deadLetter and method: write back into"
                            + " the route that begins with direct:dead-letter.");
        }
    }
}
