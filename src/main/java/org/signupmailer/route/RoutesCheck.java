package org.signupmailer.route;

import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/**
 * Says whether the files of a folder would run, without running them. Goes from the form to the meaning, and stops where
 * going on would only repeat in other words what is wrong already.
 */
final class RoutesCheck {

    private final Surroundings surroundings;

    RoutesCheck(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** All that was found, errors first; no error means that the folder may be used. */
    List<Finding> of(RouteFiles files) {
        Findings findings = new Findings(files);
        Written written = new Written();
        FormRules form = new FormRules(findings);
        for (Map.Entry<String, byte[]> file : files.contents().entrySet()) {
            Node root = form.read(file.getKey(), file.getValue());
            if (root != null) {
                written.add(file.getKey(), root);
            }
        }
        for (String other : files.others()) {
            findings.add(
                    Finding.Severity.WARNING,
                    "not-read",
                    other,
                    0,
                    0,
                    "this file is not read, since its name does not end in " + RouteFiles.ENDING
                            + "; rename it, or take it out of the folder.");
        }
        try (Scratch scratch = new Scratch(surroundings)) {
            if (surroundings.relays() == null) {
                relaysNamedIn(written, scratch);
            }
            written.files.forEach(file -> camelReads(file, files, findings, scratch.camel()));
            if (!findings.anyError()) {
                meaning(written, findings, scratch.camel());
            }
            if (!findings.anyError()) {
                build(files, written, findings, scratch);
            }
        }
        return findings.inOrder();
    }

    // Where nobody knows which relays there are, whatever the files name may be one.
    private static void relaysNamedIn(Written written, Scratch scratch) {
        for (Written.Step step : written.steps()) {
            String bean = Yaml.text(Yaml.get(step.body(), "parameters"), "javaMailSender");
            if (bean != null && bean.startsWith("#relay-")) {
                scratch.bindRelay(bean.substring("#relay-".length()));
            }
        }
    }

    private void meaning(Written written, Findings findings, CamelContext camel) {
        new IdRules(findings).look(written);
        new ValueRules(findings, surroundings, camel).look(written);
        new CallRules(findings, surroundings, camel).look(written);
        if (findings.anyError()) {
            return;
        }
        new MailRules(findings, surroundings).look(written);
        new ChainRules(findings, surroundings).look(written);
    }

    private static void camelReads(Written.File file, RouteFiles files, Findings findings, CamelContext camel) {
        byte[] content = files.contents().get(file.name());
        if (content == null) {
            return;
        }
        Resource resource = ResourceHelper.fromBytes("file:" + file.name(), content);
        try {
            RouteLoader.parse(resource, camel);
        } catch (Exception e) {
            new CamelWords(findings).look(file.name(), file.root());
            if (!findings.anyErrorIn(file.name())) {
                inCamelsWords(file.name(), findings, e);
            }
        }
    }

    private static void inCamelsWords(String file, Findings findings, Exception e) {
        @Nullable Mark mark = null;
        String words = RouteTrouble.innermost(e);
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof MarkedYamlEngineException marked
                    && marked.getProblemMark().isPresent()) {
                mark = marked.getProblemMark().get();
                words = String.valueOf(marked.getProblem());
            }
        }
        findings.add(
                Finding.Severity.ERROR,
                "form-wrong",
                file,
                mark == null ? 0 : mark.getLine() + 1,
                mark == null ? 0 : mark.getColumn() + 1,
                "Camel can't read this (" + words.strip().replaceAll("\\s+", " ")
                        + "); correct it, or take the last good version back.");
    }

    private static void build(RouteFiles files, Written written, Findings findings, Scratch scratch) {
        try {
            scratch.build(files);
        } catch (Exception e) {
            String id = RouteTrouble.route(e);
            String step = RouteTrouble.step(e);
            for (Written.Route route : written.routes) {
                if (route.id() != null && route.id().equals(id)) {
                    findings.error(
                            "route-wrong",
                            route.file(),
                            route.at(),
                            route.name() + " can't run" + (step == null ? ": " : " because of its step " + step + ": ")
                                    + RouteTrouble.words(e));
                    return;
                }
            }
            findings.add(
                    Finding.Severity.ERROR, "route-wrong", "", 0, 0, "the routes can't run: " + RouteTrouble.words(e));
        }
    }
}
