package org.signupmailer.settings;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.TypeMismatchException;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.config.ConfigDataException;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.convert.ConversionFailedException;
import org.springframework.util.PlaceholderResolutionException;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** What kept the application from starting, in one sentence, as found in the depths of an exception. */
final class StartFailure {

    private static final Pattern SECRET = Pattern.compile("(?i).*(pass|secret|credential|token|jaas|key).*");
    private static final Pattern ONE_PLACEHOLDER = Pattern.compile("\\$\\{([^:}]+).*}");
    private static final int LONGEST = 400;

    private StartFailure() {}

    /** Never null: what is not known is told in its own words, with the way to see more. */
    static String sentence(Throwable failure) {
        String sentence = known(failure, new HashSet<>());
        if (sentence != null) {
            return sentence;
        }
        Throwable innermost = failure;
        while (innermost.getCause() != null && innermost.getCause() != innermost) {
            innermost = innermost.getCause();
        }
        return "an unexpected " + innermost.getClass().getSimpleName()
                + (innermost.getMessage() == null ? "" : " (" + oneLine(innermost.getMessage()) + ")")
                + "; start with --debug to see what lies behind it.";
    }

    private static @Nullable String known(Throwable failure, Set<Throwable> seen) {
        for (Throwable cause = failure; cause != null && seen.add(cause); cause = cause.getCause()) {
            String sentence = ofOne(cause);
            if (sentence != null) {
                return sentence;
            }
            if (cause instanceof BeanCreationException creation && creation.getRelatedCauses() != null) {
                for (Throwable related : creation.getRelatedCauses()) {
                    sentence = known(related, seen);
                    if (sentence != null) {
                        return sentence;
                    }
                }
            }
        }
        return null;
    }

    private static @Nullable String ofOne(Throwable cause) {
        if (cause instanceof SettingException) {
            return cause.getMessage();
        }
        if (cause instanceof PortInUseException port) {
            return "MANAGEMENT_PORT is " + port.getPort()
                    + ", but another process listens there; set it to a free port, or to 0 for any.";
        }
        if (cause instanceof java.net.BindException) {
            return "the management port can't be opened (" + cause.getMessage()
                    + "); set MANAGEMENT_PORT to one above 1023 and MANAGEMENT_ADDRESS to an address of this machine.";
        }
        if (cause instanceof BindException bind) {
            return ofBinding(bind);
        }
        if (cause instanceof UnsatisfiedDependencyException dependency
                && dependency.getCause() instanceof TypeMismatchException mismatch) {
            return ofInjection(dependency, mismatch);
        }
        if (cause instanceof PlaceholderResolutionException placeholder) {
            return "a setting refers to ${" + placeholder.getPlaceholder()
                    + "}, which is not set; set that one too, or write the value itself.";
        }
        if (cause instanceof MarkedYAMLException yaml && yaml.getProblemMark() != null) {
            return "application.yaml is not YAML at line "
                    + (yaml.getProblemMark().getLine() + 1) + ", column "
                    + (yaml.getProblemMark().getColumn() + 1) + " (" + yaml.getProblem()
                    + "); correct that line, often its indentation.";
        }
        if (cause instanceof ConfigDataException && cause.getMessage() != null) {
            return oneLine(cause.getMessage()) + "; correct the setting that names it.";
        }
        return RouteFailure.sentence(cause);
    }

    private static @Nullable String ofBinding(BindException bind) {
        ConfigurationProperty property = bind.getProperty();
        ConversionFailedException conversion = find(bind, ConversionFailedException.class);
        if (property == null || conversion == null) {
            return null;
        }
        return sentence(
                bind.getName().toString(),
                property.getValue(),
                conversion.getTargetType().getType());
    }

    private static @Nullable String ofInjection(UnsatisfiedDependencyException where, TypeMismatchException mismatch) {
        Value value = where.getInjectionPoint() == null
                ? null
                : where.getInjectionPoint().getAnnotation(Value.class);
        Class<?> required = mismatch.getRequiredType();
        if (value == null || required == null) {
            return null;
        }
        Matcher placeholder = ONE_PLACEHOLDER.matcher(value.value());
        return sentence(placeholder.matches() ? placeholder.group(1) : value.value(), mismatch.getValue(), required);
    }

    private static String sentence(String key, @Nullable Object value, Class<?> type) {
        String shown = SECRET.matcher(key).matches() ? "is set to something" : "is \"" + value + "\"";
        return key + " " + shown + ", which is not " + kind(type) + "; correct it, or leave it out.";
    }

    private static String kind(Class<?> type) {
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (type == int.class || type == Integer.class || type == long.class || type == Long.class) {
            return "a whole number";
        }
        if (type.isEnum()) {
            return "one of "
                    + String.join(
                            ", ",
                            Arrays.stream(type.getEnumConstants())
                                    .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                                    .toList());
        }
        return "a valid " + type.getSimpleName();
    }

    static <T extends Throwable> @Nullable T find(Throwable failure, Class<T> type) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return type.cast(cause);
            }
        }
        return null;
    }

    static String oneLine(String text) {
        String line = text.strip().replaceAll("\\s+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
    }
}
