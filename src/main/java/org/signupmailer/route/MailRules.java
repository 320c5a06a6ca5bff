package org.signupmailer.route;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.support.PatternHelper;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Whether routes do to mails what the guarantees need: events are checked, failures go on to the next relay. */
final class MailRules {

    /** What the route of the events calls, in this order, and what would come without it. */
    private static final List<List<String>> BEFORE_RELAYS = List.of(
            List.of("eventChecks", "requireValid", "records that are no events would not become dead letters"),
            List.of("eventChecks", "skipAccepted", "an event that is published twice would be mailed twice"),
            List.of("eventChecks", "requireUnexpired", "dead codes would be mailed"),
            List.of("eventChecks", "requireNewest", "codes would be mailed that a newer one has replaced"),
            List.of("mail", "render", "there would be no mail to send"));

    private final Findings findings;
    private final Surroundings surroundings;

    MailRules(Findings findings, Surroundings surroundings) {
        this.findings = findings;
        this.surroundings = surroundings;
    }

    void look(Written written) {
        List<Written.Route> reading = written.routes.stream()
                .filter(route -> route.plainUri().startsWith("signup-events:"))
                .toList();
        if (reading.isEmpty() && !written.routes.isEmpty()) {
            findings.add(
                    Finding.Severity.ERROR,
                    "no-intake",
                    "",
                    0,
                    0,
                    "no route reads events; take the shipped route \"signup-events\" back, which begins with"
                            + " signup-events:{{mailer.kafka.topic}}.");
        }
        reading.forEach(this::intake);
        for (Written.Route route : written.routes) {
            configured(route, written);
            route.steps().forEach(step -> sending(route, step));
            if (route.isPlace()) {
                passesOn(route, written);
            } else {
                route.steps().stream()
                        .filter(step -> "relay:next".equals(Yaml.text(step.uri())))
                        .forEach(step -> findings.error(
                                "next-outside",
                                step.file(),
                                step.at(),
                                "relay:next has no meaning in " + route.name()
                                        + ", since a mail is at no relay there; name one, such as relay:primary."));
            }
        }
        written.configurations.forEach(this::handled);
    }

    private void intake(Written.Route route) {
        if ("false".equals(Yaml.text(route.body(), "autoStartup"))) {
            findings.warning(
                    "intake-stopped",
                    route.file(),
                    route.at(),
                    route.name() + " does not start by itself, so no event is read until somebody starts it; remove"
                            + " autoStartup.");
        }
        int last = -1;
        for (List<String> needed : BEFORE_RELAYS) {
            int place = position(route, needed.get(0), needed.get(1));
            if (place < 0) {
                findings.error(
                        "step-missing",
                        route.file(),
                        route.at(),
                        route.name() + " does not call " + needed.get(0) + "." + needed.get(1) + ", so " + needed.get(2)
                                + "; take the step back from the shipped file.");
                return;
            }
            if (place < last) {
                findings.error(
                        "step-order",
                        route.file(),
                        route.steps().get(place).at(),
                        needed.get(0) + "." + needed.get(1)
                                + " comes too early or too late; keep the order requireValid, skipAccepted,"
                                + " requireUnexpired, requireNewest, render.");
                return;
            }
            last = place;
        }
        List<Written.Step> steps = route.steps();
        for (int i = 0; i < last; i++) {
            if (leadsToRelay(steps.get(i))) {
                findings.error(
                        "step-order",
                        route.file(),
                        steps.get(i).at(),
                        "this goes to a relay before the mail is made; put it behind mail.render.");
                return;
            }
        }
        if (steps.stream().noneMatch(MailRules::leadsToRelay)) {
            findings.error(
                    "step-missing",
                    route.file(),
                    route.at(),
                    route.name() + " hands no mail to a relay, so every event would become a dead letter; end it with"
                            + " to: and the uri of the first relay, such as relay:primary.");
        }
    }

    private static int position(Written.Route route, String bean, String method) {
        for (int i = 0; i < route.steps().size(); i++) {
            if (ChainRules.calls(route.steps().get(i), bean, method)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean leadsToRelay(Written.Step step) {
        String uri = Yaml.text(step.uri());
        return uri != null && (uri.startsWith("relay:") || (uri.startsWith("direct:") && !uri.contains("dead-letter")));
    }

    private void configured(Written.Route route, Written written) {
        Node wanted = Yaml.get(route.body(), "routeConfigurationId");
        String pattern = Yaml.text(wanted);
        if (wanted != null
                && pattern != null
                && configurations(pattern, written).isEmpty()) {
            findings.error(
                    "configuration-unknown",
                    route.file(),
                    wanted,
                    "no routeConfiguration has the id \"" + pattern + "\", so nobody would handle failures of "
                            + route.name() + "; "
                            + Findings.meant(
                                    pattern,
                                    written.configurations.stream()
                                            .map(configuration -> String.valueOf(configuration.id()))
                                            .toList(),
                                    "correct the name."));
        }
    }

    private static List<Written.Configuration> configurations(@Nullable String wanted, Written written) {
        List<Written.Configuration> found = new ArrayList<>();
        if (wanted != null) {
            for (String pattern : wanted.split(",", -1)) {
                written.configurations.stream()
                        .filter(one -> one.id() != null && PatternHelper.matchPattern(one.id(), pattern))
                        .forEach(found::add);
            }
        }
        return found;
    }

    private void passesOn(Written.Route route, Written written) {
        String wanted = Yaml.text(route.body(), "routeConfigurationId");
        List<Written.Configuration> guarding = configurations(wanted, written);
        boolean passesOn = guarding.stream()
                .flatMap(configuration -> configuration.steps().stream())
                .anyMatch(step -> "relay:next".equals(Yaml.text(step.uri())));
        if (!passesOn && (wanted == null || !guarding.isEmpty())) {
            findings.error(
                    "no-failover",
                    route.file(),
                    wanted == null ? route.at() : route.body(),
                    "mail that " + route.name() + " can't deliver would not go to the next relay; add"
                            + " routeConfigurationId: failover, whose onException sends to relay:next.");
        }
    }

    private void sending(Written.Route route, Written.Step step) {
        String uri = Yaml.text(step.uri());
        if (uri == null || !uri.matches("smtps?:.*")) {
            return;
        }
        Node sender = Yaml.get(Yaml.get(step.body(), "parameters"), "javaMailSender");
        String bean = Yaml.text(sender);
        String name = uri.replaceFirst("^smtps?:(//)?", "").replaceFirst("[?:].*", "");
        if (sender == null || bean == null) {
            if (!uri.contains("javaMailSender=")) {
                findings.error(
                        "smtp-without-relay",
                        step.file(),
                        step.at(),
                        "this sends past the relays, so nobody would know that the mail was accepted; add"
                                + " javaMailSender: \"#relay-"
                                + (surroundings.knownRelays().contains(name) ? name : "NAME")
                                + "\" below parameters:.");
            }
        } else if (!bean.startsWith("#relay-")) {
            findings.error(
                    "smtp-without-relay",
                    step.file(),
                    sender,
                    "javaMailSender is \"" + bean + "\", which is no relay; write \"#relay-NAME\" with its name.");
        } else {
            String relay = bean.substring("#relay-".length());
            String place = route.plainUri().replaceFirst("^relay:", "");
            if (route.isPlace()
                    && !relay.equals(place)
                    && surroundings.knownRelays().contains(place)) {
                findings.error(
                        "wrong-relay",
                        step.file(),
                        sender,
                        route.name() + " is the place of the relay \"" + place + "\" and sends through "
                                + Findings.quoted(relay) + "; write javaMailSender: \"#relay-" + place + "\".");
            }
        }
    }

    // Unhandled, a failure would be told as the end of a mail that the next relay has taken.
    private void handled(Written.Configuration configuration) {
        for (Node entry : Yaml.items(Yaml.get(configuration.body(), "onException"))) {
            Node exception = Yaml.get(entry, "onException");
            boolean goesOn = Yaml.items(Yaml.get(exception, "steps")).stream()
                    .map(step -> Yaml.text(Yaml.get(step, "to"), "uri"))
                    .anyMatch(uri -> uri != null && (uri.startsWith("relay:") || uri.startsWith("direct:")));
            Node handled = Yaml.get(exception, "handled");
            String value = Yaml.text(handled) != null
                    ? Yaml.text(handled)
                    : Yaml.text(Yaml.get(handled, "constant")) != null
                            ? Yaml.text(Yaml.get(handled, "constant"))
                            : Yaml.text(Yaml.get(handled, "constant"), "expression");
            if (goesOn && exception != null && !"true".equals(value)) {
                findings.error(
                        "not-handled",
                        configuration.file(),
                        handled == null ? exception : handled,
                        "this onException passes a mail on, but is not handled: constant: \"true\", so the failure"
                                + " would count as the mail's end; add that.");
            }
        }
    }
}
