package org.signupmailer.route;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Warns of relays that get no mail: nothing is lost by it, but hardly anybody means it. */
final class UnusedRules {

    private static final String RELAY = "relay:";

    private final Findings findings;
    private final Surroundings surroundings;
    private final Map<String, Written.Route> byUri;

    /** @param byUri the routes by the plain URIs that they begin with */
    UnusedRules(Findings findings, Surroundings surroundings, Map<String, Written.Route> byUri) {
        this.findings = findings;
        this.surroundings = surroundings;
        this.byUri = byUri;
    }

    void look(Written written) {
        Set<String> reached = new HashSet<>();
        written.routes.stream()
                .filter(route -> route.plainUri().startsWith("signup-events:"))
                .forEach(route -> reach(route, written, reached));
        for (Written.Route route : written.routes) {
            if (route.isPlace() && !reached.contains(route.plainUri())) {
                findings.warning(
                        "relay-in-no-chain",
                        route.file(),
                        route.at(),
                        route.name() + " gets no mail, since nothing leads to " + route.plainUri()
                                + "; name it as the next of another relay, or remove it.");
            }
        }
        List<String> relays = surroundings.relays() == null ? List.of() : surroundings.relays();
        for (String relay : relays) {
            if (!byUri.containsKey(RELAY + relay) && written.steps().stream().noneMatch(step -> sends(step, relay))) {
                findings.add(
                        Finding.Severity.WARNING,
                        "relay-in-no-chain",
                        "",
                        0,
                        0,
                        "the relay \"" + relay + "\" is configured and gets no mail, since no route begins with relay:"
                                + relay + "; add one, or remove its settings.");
            }
        }
    }

    static boolean sends(Written.Step step, String relay) {
        return ("#relay-" + relay).equals(Yaml.text(Yaml.get(step.body(), "parameters"), "javaMailSender"));
    }

    private void reach(Written.Route route, Written written, Set<String> reached) {
        if (!reached.add(route.plainUri())) {
            return;
        }
        List<String> targets = new ArrayList<>();
        if (route.next() != null) {
            targets.add(String.valueOf(Yaml.text(route.next())));
        }
        route.steps().forEach(step -> targets.add(String.valueOf(Yaml.text(step.uri()))));
        written.configurations.forEach(configuration ->
                configuration.steps().forEach(step -> targets.add(String.valueOf(Yaml.text(step.uri())))));
        for (String target : targets) {
            Written.Route other = byUri.get(RouteSet.plain(target));
            if (other != null) {
                reach(other, written, reached);
            }
        }
    }
}
