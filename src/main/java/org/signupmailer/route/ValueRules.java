package org.signupmailer.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.NoSuchLanguageException;
import org.apache.camel.spi.Language;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Whether settings, classes and expressions that stand in the files exist, and no secret stands there. */
final class ValueRules {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^{}:]+)}}");
    private static final Pattern LOGIN_IN_URI = Pattern.compile("(?i)^smtps?:(//)?[^/?]*@.*");
    private static final Pattern SECRET_IN_URI =
            Pattern.compile("(?i).*[?&](username|password|[a-z]*secret|[a-z]*token)=(?!\\{\\{|#).*");
    private static final Pattern SECRET = Pattern.compile("(?i)(username|.*password|.*secret|.*token|.*passphrase)");
    private static final Set<String> LANGUAGES = Set.of(
            "simple",
            "csimple",
            "jsonpath",
            "xpath",
            "jq",
            "groovy",
            "spel",
            "ognl",
            "mvel",
            "python",
            "js",
            "java",
            "xquery",
            "datasonnet");
    private static final List<String> EXCEPTIONS = List.of(
            "org.signupmailer.delivery.Undeliverable",
            "org.signupmailer.relay.MailRefused",
            "org.signupmailer.relay.RelayFailure",
            "java.lang.Exception");

    private final Findings findings;
    private final Surroundings surroundings;
    private final CamelContext camel;

    ValueRules(Findings findings, Surroundings surroundings, CamelContext camel) {
        this.findings = findings;
        this.surroundings = surroundings;
        this.camel = camel;
    }

    void look(Written written) {
        written.files.forEach(file -> walk(file.name(), "", file.root()));
        written.steps().stream()
                .filter(step -> step.kind().equals("circuitBreaker"))
                .forEach(this::circuitBreaker);
        written.steps().stream()
                .filter(step -> step.uri() != null)
                .forEach(step -> login(step.file(), step.uri(), step.body()));
        written.routes.forEach(route -> login(route.file(), route.uri(), route.from()));
    }

    private void walk(String file, String key, Node node) {
        String text = Yaml.text(node);
        if (text != null) {
            placeholders(file, node, text);
        }
        if (node instanceof SequenceNode list) {
            for (Node item : list.getValue()) {
                if (key.equals("exception")) {
                    exception(file, item);
                }
                walk(file, "", item);
            }
        }
        for (NodeTuple entry : Yaml.entries(node)) {
            String name = String.valueOf(Yaml.text(entry.getKeyNode()));
            if (name.equals("description") || name.equals("note")) {
                continue;
            }
            if (key.equals("expression") || LANGUAGES.contains(name)) {
                expression(file, name, entry);
            }
            walk(file, name, entry.getValueNode());
        }
    }

    /** The settings without a default that a text refers to. */
    static List<String> settingsIn(String text) {
        List<String> names = new ArrayList<>();
        Matcher placeholder = PLACEHOLDER.matcher(text);
        while (placeholder.find()) {
            String name = placeholder.group(1).strip();
            if (!name.startsWith("?")) {
                names.add(name);
            }
        }
        return names;
    }

    private void placeholders(String file, Node node, String text) {
        for (String name : settingsIn(text)) {
            if (surroundings.settings().apply(name) == null) {
                findings.error(
                        "setting-unknown",
                        file,
                        node,
                        "{{" + name + "}} refers to a setting that is not set; "
                                + Findings.meant(
                                        name,
                                        surroundings.settingNames(),
                                        "set it, give a default as {{" + name + ":default}}, or write the value."));
            }
        }
    }

    private void exception(String file, Node node) {
        String name = Yaml.text(node);
        if (name != null && !name.contains("{{") && camel.getClassResolver().resolveClass(name) == null) {
            findings.error(
                    "class-unknown",
                    file,
                    node,
                    "there is no exception \"" + name + "\"; "
                            + Findings.meant(name, EXCEPTIONS, "correct its name, such as " + EXCEPTIONS.get(2) + "."));
        }
    }

    private void expression(String file, String language, NodeTuple entry) {
        Node body = entry.getValueNode();
        Node at = Yaml.get(body, "expression") == null ? body : Yaml.get(body, "expression");
        String text = Yaml.text(at);
        if (text == null || at == null || language.equals("id") || text.contains("{{")) {
            return;
        }
        Language resolved;
        try {
            resolved = camel.resolveLanguage(language);
        } catch (NoSuchLanguageException e) {
            findings.error(
                    "language-unknown",
                    file,
                    entry.getKeyNode(),
                    "there is no expression language \"" + language + "\" here; use simple, constant or variable.");
            return;
        }
        if (!language.equals("simple")) {
            return;
        }
        try {
            resolved.createPredicate(text).initPredicate(camel);
        } catch (RuntimeException e) {
            findings.error(
                    "expression-wrong",
                    file,
                    at,
                    "this is no simple expression (" + reason(e)
                            + "); write it like ${variable.eventType} == 'signup.invitation'.");
        }
    }

    // The rest of Camel's message draws the expression and an arrow over several lines.
    private static String reason(RuntimeException e) {
        return RouteTrouble.innermost(e)
                .strip()
                .replaceFirst("(?s)(\\n|\\.?$| at location).*", "")
                .replaceAll("\\s+", " ");
    }

    private void login(String file, @Nullable Node uri, @Nullable Node body) {
        String text = Yaml.text(uri);
        if (uri == null || text == null) {
            return;
        }
        if (LOGIN_IN_URI.matcher(text).matches() || SECRET_IN_URI.matcher(text).matches()) {
            secret(file, uri);
        }
        for (NodeTuple parameter : Yaml.entries(Yaml.get(body, "parameters"))) {
            String name = String.valueOf(Yaml.text(parameter.getKeyNode()));
            String value = String.valueOf(Yaml.text(parameter.getValueNode()));
            if (SECRET.matcher(name).matches() && !value.startsWith("{{") && !value.startsWith("#")) {
                secret(file, parameter.getKeyNode());
            }
        }
    }

    private void secret(String file, Node at) {
        findings.error(
                "secret-in-file",
                file,
                at,
                "a login stands here, for everybody to read who may read the routes; write it into the relay's settings"
                        + " (SMTP_USER and SMTP_PASS, or mailer.relays.<name>), change the password, and send with"
                        + " javaMailSender: \"#relay-NAME\".");
    }

    private void circuitBreaker(Written.Step step) {
        Node options = Yaml.get(step.body(), "resilience4jConfiguration");
        boolean told = "true".equals(Yaml.text(options, "throwExceptionWhenHalfOpenOrOpenState"));
        if (!told) {
            findings.error(
                    "circuit-breaker",
                    step.file(),
                    step.at(),
                    "this circuit breaker drops mails in silence while it is open, since"
                            + " throwExceptionWhenHalfOpenOrOpenState is not true; take the step out, as every relay"
                            + " has a circuit breaker of its own.");
        } else {
            findings.error(
                    "circuit-breaker",
                    step.file(),
                    step.at(),
                    "what this circuit breaker rejects does not go to the next relay, since Camel hides it from"
                            + " onException; take the step out, as every relay has a circuit breaker of its own.");
        }
    }
}
