package org.signupmailer.route;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.nodes.Node;

/** Whether the beans and methods that steps call exist. */
final class BeanRules {

    private final Findings findings;

    BeanRules(Findings findings) {
        this.findings = findings;
    }

    void look(Written.Step step) {
        Node ref = Yaml.get(step.body(), "ref");
        String name = Yaml.text(ref);
        if (ref == null || Yaml.isBlank(name)) {
            if (Yaml.get(step.body(), "beanType") == null) {
                findings.error(
                        "bean-unknown",
                        step.file(),
                        step.at(),
                        "this step does not say which bean it calls; add ref: with one of " + beans() + ".");
            }
            return;
        }
        Class<?> type = RouteBeans.types().get(name);
        if (type == null) {
            findings.error(
                    "bean-unknown",
                    step.file(),
                    ref,
                    "there is no bean " + Findings.quoted(name) + "; "
                            + Findings.meant(
                                    String.valueOf(name),
                                    RouteBeans.types().keySet(),
                                    "there are " + beans() + ", so correct the name or take the step out."));
            return;
        }
        Node method = Yaml.get(step.body(), "method");
        String called = Yaml.text(method);
        TreeSet<String> methods = new TreeSet<>();
        for (Method one : type.getDeclaredMethods()) {
            if (Modifier.isPublic(one.getModifiers())) {
                methods.add(one.getName());
            }
        }
        if (method == null || Yaml.isBlank(called)) {
            if (methods.size() > 1) {
                findings.error(
                        "method-unknown",
                        step.file(),
                        step.at(),
                        "this step does not say what \"" + name + "\" is to do; add method: with one of "
                                + String.join(", ", methods) + ".");
            }
        } else if (!methods.contains(String.valueOf(called).replaceFirst("\\(.*", ""))) {
            findings.error(
                    "method-unknown",
                    step.file(),
                    method,
                    "\"" + name + "\" has no method \"" + called + "\"; "
                            + Findings.meant(
                                    String.valueOf(called),
                                    methods,
                                    "it has " + String.join(", ", methods) + ", so use one of these."));
        }
    }

    private static String beans() {
        return String.join(", ", RouteBeans.types().keySet());
    }
}
