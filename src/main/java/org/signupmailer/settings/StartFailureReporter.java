package org.signupmailer.settings;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Says why the application did not start: one sentence on standard error, where it is also seen while there is no log
 * yet. The stack trace is for those who ask for it ({@code --debug}).
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class StartFailureReporter implements SpringBootExceptionReporter {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer");

    @Override
    public boolean reportException(Throwable failure) {
        System.err.println("signup-mailer did not start: " + StartFailure.sentence(failure));
        LOG.debug("What lies behind it:", failure);
        return true;
    }
}
