package org.signupmailer.deploy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.signupmailer.testing.kafka.EmbeddedKafka;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** The jar as it is handed out, and processes of it. */
final class PackagedJar {

    static final Path PATH = Path.of("target/signup-mailer.jar").toAbsolutePath();
    static final String PASSWORD = "a-password-of-this-test";

    private PackagedJar() {}

    /** What it needs to mail the broker's events through this relay, with its management at this port. */
    static Map<String, String> settings(EmbeddedKafka kafka, ScriptedSmtpServer smtp, int port) {
        return Map.of(
                "KAFKA_BROKERS", kafka.bootstrapServers(),
                "SMTP_HOST", smtp.host(),
                "SMTP_PORT", String.valueOf(smtp.port()),
                "SMTP_TLS", "none",
                "SMTP_FROM", "no-reply@example.com",
                "MAILER_ROUTES_DIR", Path.of("routes").toAbsolutePath().toString(),
                "MANAGEMENT_PORT", String.valueOf(port),
                "MANAGEMENT_PASSWORD", PASSWORD);
    }

    /** Starts Java with these arguments in this folder, with no setting but these. */
    static Process java(Path folder, Map<String, String> settings, Path output, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home", ""), "bin", "java").toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(settings);
        return builder.directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
