package org.signupmailer.route;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.dsl.yaml.common.YamlSupport;
import org.apache.camel.spi.EndpointUriFactory;
import org.apache.camel.util.ObjectHelper;
import org.apache.camel.util.URISupport;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;

/** Whether the components and options that steps name exist, and the beans that these refer to. */
final class CallRules {

    private static final List<String> COMPONENTS = List.of(
            "relay",
            "direct",
            "smtp",
            "log",
            "signup-events",
            "dead-letters",
            "seda",
            "timer",
            "file",
            "bean",
            "smtps");
    private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]*)(:.*)?", Pattern.DOTALL);
    private static final Pattern UNKNOWN_OPTIONS = Pattern.compile("(?s).*Unknown parameters=\\[\\{(.*)}].*");
    private static final String RELAY_BEAN = "#relay-";

    private final Findings findings;
    private final Surroundings surroundings;
    private final CamelContext camel;
    private final BeanRules beans;

    CallRules(Findings findings, Surroundings surroundings, CamelContext camel) {
        this.findings = findings;
        this.surroundings = surroundings;
        this.camel = camel;
        this.beans = new BeanRules(findings);
    }

    void look(Written written) {
        for (Written.Route route : written.routes) {
            if (route.from() == null) {
                findings.error(
                        "no-from",
                        route.file(),
                        route.at(),
                        route.name() + " does not say what it begins with; add from: with a uri, such as"
                                + " direct:my-route.");
            } else {
                endpoint(route.file(), route.from(), route.uri(), route.from(), false);
            }
        }
        for (Written.Step step : written.steps()) {
            switch (step.kind()) {
                case "bean", "process" -> beans.look(step);
                case "to", "wireTap", "poll", "toD" ->
                    endpoint(
                            step.file(),
                            step.at(),
                            step.uri(),
                            step.body(),
                            step.kind().equals("toD"));
                default -> {
                    if (step.uri() != null) {
                        endpoint(step.file(), step.at(), step.uri(), step.body(), false);
                    }
                }
            }
        }
    }

    private void endpoint(String file, Node at, @Nullable Node uriNode, Node body, boolean dynamic) {
        String uri = Yaml.text(uriNode);
        if (uriNode == null || uri == null || uri.isBlank()) {
            findings.error(
                    "uri-missing",
                    file,
                    uriNode == null ? at : uriNode,
                    "the uri is missing, so nobody knows where this goes; add uri:, such as direct:dead-letter or"
                            + " relay:primary.");
            return;
        }
        Matcher scheme = SCHEME.matcher(uri);
        if (uri.startsWith("{{") || (dynamic && uri.startsWith("${"))) {
            return;
        }
        if (!scheme.matches() || (scheme.group(2) == null && camel.getComponent(scheme.group(1)) == null)) {
            findings.error(
                    "uri-wrong",
                    file,
                    uriNode,
                    Findings.quoted(URISupport.sanitizeUri(uri))
                            + " is no uri; write component:name, such as relay:primary.");
            return;
        }
        String name = scheme.group(1);
        if (camel.getComponent(name) == null) {
            findings.error(
                    "component-unknown",
                    file,
                    uriNode,
                    "there is no component \"" + name + "\"; "
                            + Findings.meant(
                                    name,
                                    COMPONENTS,
                                    "there are " + String.join(", ", COMPONENTS) + ", so correct the name."));
            return;
        }
        if (dynamic || isUnset(uri) || !refersToKnownBeans(file, body)) {
            return;
        }
        options(file, uriNode, uri, name, body);
    }

    // Said already, where the settings are looked at.
    private boolean isUnset(String text) {
        return ValueRules.settingsIn(text).stream()
                .anyMatch(name -> surroundings.settings().apply(name) == null);
    }

    private boolean refersToKnownBeans(String file, Node body) {
        boolean known = true;
        for (NodeTuple parameter : Yaml.entries(Yaml.get(body, "parameters"))) {
            String value = Yaml.text(parameter.getValueNode());
            if (value == null || !value.startsWith("#")) {
                continue;
            }
            String relay = value.startsWith(RELAY_BEAN) ? value.substring(RELAY_BEAN.length()) : null;
            if (relay != null && !surroundings.knowsRelay(relay)) {
                findings.error("relay-unknown", file, parameter.getValueNode(), notConfigured(relay));
                known = false;
            } else if (relay == null
                    && !value.startsWith("#class:")
                    && !value.startsWith("#type:")
                    && camel.getRegistry().lookupByName(value.replaceFirst("^#(bean:)?", "")) == null) {
                findings.error(
                        "bean-unknown",
                        file,
                        parameter.getValueNode(),
                        "there is no bean " + Findings.quoted(value.replaceFirst("^#(bean:)?", "")) + "; "
                                + Findings.meant(
                                        value,
                                        surroundings.knownRelays().stream()
                                                .map(one -> RELAY_BEAN + one)
                                                .toList(),
                                        "a relay's is \"#relay-NAME\", so correct the name."));
                known = false;
            }
        }
        return known;
    }

    private String notConfigured(String relay) {
        List<String> configured = surroundings.relays() == null ? List.of() : surroundings.relays();
        return "no relay " + Findings.quoted(relay) + " is configured; configured "
                + (configured.size() == 1 ? "is " : "are ") + String.join(", ", configured) + ": "
                + Findings.meant(
                        relay,
                        surroundings.knownRelays(),
                        "correct the name, or give it settings as mailer.relays.<name>.host.");
    }

    private void options(String file, Node uriNode, String uri, String scheme, Node body) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        Node written = Yaml.get(body, "parameters");
        for (NodeTuple parameter : Yaml.entries(written)) {
            String key = Yaml.text(parameter.getKeyNode());
            String value = Yaml.text(parameter.getValueNode());
            if (key != null && value != null) {
                if (isUnset(value)) {
                    return;
                }
                parameters.put(key, value);
            }
        }
        if (written != null && !(written instanceof MappingNode)) {
            findings.error(
                    "option-unknown",
                    file,
                    written,
                    "parameters: is to be a list of key: value; indent them by two blanks below it.");
            return;
        }
        try {
            camel.getEndpoint(YamlSupport.createEndpointUri(camel, uriNode, uri, parameters));
        } catch (RuntimeException e) {
            explain(file, uriNode, scheme, written, e);
        }
    }

    private void explain(String file, Node uriNode, String scheme, @Nullable Node written, RuntimeException e) {
        PropertyBindingException binding = ObjectHelper.getException(PropertyBindingException.class, e);
        if (binding != null && binding.getPropertyName() != null) {
            // The value is not repeated: an option may be a password.
            findings.error(
                    "option-wrong",
                    file,
                    keyOf(written, binding.getPropertyName(), uriNode),
                    "the value of " + Findings.quoted(binding.getPropertyName()) + " is none that " + scheme
                            + ": can use there; correct it, or take the option out.");
            return;
        }
        Matcher options = UNKNOWN_OPTIONS.matcher(RouteTrouble.innermost(e));
        if (!options.matches()) {
            findings.error("endpoint-wrong", file, uriNode, "this endpoint can't be made: " + RouteTrouble.words(e));
            return;
        }
        for (String option : options.group(1).split(", ", -1)) {
            String name = option.replaceFirst("=.*", "");
            findings.error(
                    "option-unknown",
                    file,
                    keyOf(written, name, uriNode),
                    "\"" + name + "\" is no option of " + scheme + ":; "
                            + Findings.meant(name, optionsOf(scheme), "correct its name, or take it out."));
        }
    }

    private static Node keyOf(@Nullable Node parameters, String name, Node otherwise) {
        for (NodeTuple parameter : Yaml.entries(parameters)) {
            if (name.equalsIgnoreCase(Yaml.text(parameter.getKeyNode()))) {
                return parameter.getKeyNode();
            }
        }
        return otherwise;
    }

    private List<String> optionsOf(String scheme) {
        if (scheme.equals("relay")) {
            return List.of("next");
        }
        EndpointUriFactory factory = camel.getCamelContextExtension().getEndpointUriFactory(scheme);
        return factory == null ? List.of() : List.copyOf(factory.propertyNames());
    }
}
