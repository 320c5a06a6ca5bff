package org.signupmailer.testing;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LogFile;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.logging.logback.LogbackLoggingSystem;

/**
 * Logging that stays set up when an application ends. Spring Boot would set it up again with the next start, and until
 * that is done no line of any other application of this JVM is printed.
 */
final class KeptLogging extends LogbackLoggingSystem {

    private static @Nullable String format;

    /** For Spring Boot. */
    public KeptLogging(ClassLoader loader) {
        super(loader);
    }

    /** Has every application of this JVM use it. */
    static void use() {
        System.setProperty(LoggingSystem.SYSTEM_PROPERTY, KeptLogging.class.getName());
    }

    @Override
    public void initialize(
            LoggingInitializationContext context, @Nullable String configuration, @Nullable LogFile file) {
        String asked = context.getEnvironment().getProperty("MAILER_LOG_FORMAT", "text");
        synchronized (KeptLogging.class) {
            if (!Objects.equals(format, asked)) {
                super.cleanUp();
                super.beforeInitialize();
                format = asked;
            }
            super.initialize(context, configuration, file);
        }
    }

    @Override
    public void cleanUp() {
        // See above.
    }
}
