package org.signupmailer.settings;

import org.apache.camel.FailedToCreateRouteException;
import org.apache.camel.dsl.yaml.common.exception.YamlDeserializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Says why the application did not start in one sentence instead of a stack trace, where the cause is a setting. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartFailureReporter implements SpringBootExceptionReporter {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer");

    @Override
    public boolean reportException(Throwable failure) {
        String sentence = sentence(failure);
        if (sentence == null) {
            return false;
        }
        LOG.error("signup-mailer did not start: {}", sentence);
        LOG.debug("The whole story:", failure);
        return true;
    }

    // Camel wraps what is wrong with a route in one exception per step; the innermost says it.
    private static @Nullable String innermost(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }

    static @Nullable String sentence(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SettingException) {
                return cause.getMessage();
            }
            if (cause instanceof PortInUseException port) {
                return "Port " + port.getPort()
                        + " of the management page is taken by another process; set MANAGEMENT_PORT to a free one.";
            }
            if (cause instanceof FailedToCreateRouteException route) {
                return "The route \"" + route.getRouteId() + "\" in MAILER_ROUTES_DIR can't run: " + innermost(cause)
                        + ". Mend it, or take the shipped one back.";
            }
            if (cause instanceof YamlDeserializationException yaml) {
                return "A file in MAILER_ROUTES_DIR can't be read: " + yaml.getMessage()
                        + ". Mend it, or take the shipped one back.";
            }
            if (cause instanceof BeanCreationException creation && creation.getRelatedCauses() != null) {
                for (Throwable related : creation.getRelatedCauses()) {
                    String sentence = sentence(related);
                    if (sentence != null) {
                        return sentence;
                    }
                }
            }
        }
        return null;
    }
}
