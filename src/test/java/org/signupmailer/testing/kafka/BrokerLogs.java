package org.signupmailer.testing.kafka;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import org.slf4j.LoggerFactory;

/** Keeps a broker that shares the JVM with a test from filling the log; errors are still said. */
final class BrokerLogs {

    private static final List<String> LOGGERS = List.of(
            "kafka",
            "state.change.logger",
            "org.apache.kafka.common.config",
            "org.apache.kafka.common.metrics",
            "org.apache.kafka.common.network",
            "org.apache.kafka.common.telemetry",
            "org.apache.kafka.common.utils",
            "org.apache.kafka.controller",
            "org.apache.kafka.coordinator",
            "org.apache.kafka.image",
            "org.apache.kafka.metadata",
            "org.apache.kafka.queue",
            "org.apache.kafka.raft",
            "org.apache.kafka.server",
            "org.apache.kafka.snapshot",
            "org.apache.kafka.storage",
            "org.apache.zookeeper");

    // Clients are the application's too; once it is there its own settings decide, which say the same.
    private static final String CLIENTS = "org.apache.kafka.clients";

    private BrokerLogs() {}

    static void quieten() {
        for (String logger : LOGGERS) {
            // Spring Boot sets the levels when an application starts, and reads them from here.
            if (System.getProperty("logging.level." + logger) == null) {
                System.setProperty("logging.level." + logger, "ERROR");
            }
            if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
                context.getLogger(logger).setLevel(Level.toLevel(System.getProperty("logging.level." + logger)));
            }
        }
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
                && context.getLogger(CLIENTS).getLevel() == null) {
            context.getLogger(CLIENTS).setLevel(Level.ERROR);
        }
    }
}
