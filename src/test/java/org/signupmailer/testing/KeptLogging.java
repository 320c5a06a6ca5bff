package org.signupmailer.testing;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.LogFile;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.logging.logback.LogbackLoggingSystem;

/**
 * Logging that stays set up when an application ends. Spring Boot would set it up again with the next start, and until
 * that is done no line of any other application of this JVM is printed. So all have the same form, that for people; what
 * tests another one does it with a {@link MailerProcess}.
 */
final class KeptLogging extends LogbackLoggingSystem {

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
        synchronized (KeptLogging.class) {
            super.initialize(context, configuration, file);
        }
    }

    @Override
    public void cleanUp() {
        // See above.
    }
}
