package org.signupmailer.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.apache.camel.NoSuchBeanException;
import org.apache.camel.NoSuchEndpointException;
import org.apache.camel.component.bean.MethodNotFoundException;
import org.apache.camel.dsl.yaml.common.exception.YamlDeserializationException;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** What is wrong with an operator's route, made of what Camel throws. */
final class RouteFailure {

    private static final String CAMEL = "org.apache.camel.";
    private static final Pattern STEP = Pattern.compile("(?s).*? at: >>> (.*?) <<<.*");
    private static final Pattern UNKNOWN_PARAMETER = Pattern.compile("(?s).*Unknown parameters=\\[\\{([^=}]*).*");
    private static final String RELAY_BEAN = "relay-";
    private static final String REMEDY = "; correct it, or take the shipped file back.";

    private RouteFailure() {}

    /** Null if it has nothing to do with routes. */
    static @Nullable String sentence(Throwable cause) {
        if (cause instanceof MarkedYamlEngineException yaml
                && yaml.getProblemMark().isPresent()) {
            var mark = yaml.getProblemMark().get();
            // Camel's own flavours are about routes, in a file that is good YAML.
            boolean camel = yaml.getClass().getName().startsWith(CAMEL);
            return "the routes file " + file(mark.getName()) + " is " + (camel ? "wrong" : "not YAML") + " at line "
                    + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1) + " (" + yaml.getProblem() + ")"
                    + REMEDY;
        }
        if (cause instanceof YamlDeserializationException && cause.getMessage() != null) {
            return "a routes file is wrong: " + StartFailure.oneLine(cause.getMessage()) + REMEDY;
        }
        if (cause instanceof FailedToCreateRouteException creation) {
            return route(creation.getRouteId(), step(creation)) + withRemedy(why(creation));
        }
        if (cause instanceof FailedToStartRouteException start) {
            return route(start.getRouteId(), null) + withRemedy(why(start));
        }
        return null;
    }

    private static String route(@Nullable String id, @Nullable String step) {
        return (id == null ? "a route" : "the route \"" + id + "\"") + " in MAILER_ROUTES_DIR can't run"
                + (step == null ? ": " : ", because of its step " + step + ": ");
    }

    private static @Nullable String step(FailedToCreateRouteException creation) {
        Matcher step = STEP.matcher(String.valueOf(creation.getMessage()));
        return step.matches() ? step.group(1) : null;
    }

    private static String why(Throwable failure) {
        NoSuchBeanException bean = StartFailure.find(failure, NoSuchBeanException.class);
        if (bean != null && bean.getName() != null) {
            String name = bean.getName();
            return name.startsWith(RELAY_BEAN)
                    ? "no relay \"" + name.substring(RELAY_BEAN.length()) + "\" is configured"
                    : "there is no bean \"" + name + "\"";
        }
        NoSuchEndpointException endpoint = StartFailure.find(failure, NoSuchEndpointException.class);
        if (endpoint != null) {
            String uri = endpoint.getUri();
            return "there is no component \"" + uri.substring(0, Math.max(0, uri.indexOf(':'))) + "\"";
        }
        MethodNotFoundException method = StartFailure.find(failure, MethodNotFoundException.class);
        if (method != null) {
            return "its bean has no method \"" + method.getMethodName() + "\"";
        }
        ClassNotFoundException type = StartFailure.find(failure, ClassNotFoundException.class);
        if (type != null) {
            return "there is no class \"" + type.getMessage() + "\"";
        }
        Throwable innermost = failure;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        String message = String.valueOf(innermost.getMessage());
        Matcher parameter = UNKNOWN_PARAMETER.matcher(message);
        // The value is not repeated: a parameter may be a password.
        return parameter.matches()
                ? "it has the parameter \"" + parameter.group(1) + "\", which is not known there"
                : StartFailure.oneLine(message);
    }

    // Our own sentences bring their remedy with them.
    private static String withRemedy(String why) {
        return why.contains("; ") ? why + "." : why + REMEDY;
    }

    private static String file(String resource) {
        return resource.startsWith("file:") ? resource.substring("file:".length()) : resource;
    }
}
