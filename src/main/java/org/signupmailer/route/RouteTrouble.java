package org.signupmailer.route;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.FailedToStartRouteException;
import org.jspecify.annotations.Nullable;

/** What Camel says about a route, in one line that holds no value of a parameter. */
final class RouteTrouble {

    private static final Pattern STEP = Pattern.compile("(?s).*? at: >>> (.*?) <<<.*");
    private static final int LONGEST = 300;

    private RouteTrouble() {}

    /** The innermost message. */
    static String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /** The innermost message as the end of a sentence with a remedy. */
    static String words(Throwable failure) {
        String line = innermost(failure).strip().replaceAll("\\s+", " ").replaceFirst("\\.$", "");
        line = line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
        return line.contains("; ") ? line + "." : line + "; correct it, or take the last good version back.";
    }

    /** The route that it is about; null when Camel does not say. */
    static @Nullable String route(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof FailedToCreateRouteException creation) {
                return creation.getRouteId();
            }
            if (cause instanceof FailedToStartRouteException start) {
                return start.getRouteId();
            }
        }
        return null;
    }

    /** The step that it is about, in Camel's words; null when Camel does not say. */
    static @Nullable String step(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            Matcher step = STEP.matcher(String.valueOf(cause.getMessage()));
            if (step.matches()) {
                return step.group(1);
            }
        }
        return null;
    }
}
