package org.signupmailer.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.signupmailer.testing.kafka.EmbeddedKafka;
import org.signupmailer.testing.kafka.SharedKafka;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.signupmailer.testing.smtp.TestCertificates;
import org.signupmailer.testing.smtp.TlsMode;

/** How a {@link SignupMailer} is set up: the settings that people write, under the short names that they know. */
public final class Setup {

    private static final String TOPIC_BYTES = Integer.toString(4 * 1024 * 1024);

    private final Map<String, String> settings = new LinkedHashMap<>();
    private @Nullable EmbeddedKafka broker;
    private int partitions = 3;
    private int relays;
    private @Nullable SSLContext trusted;

    Setup() {}

    /** The broker to use; default {@link SharedKafka}. */
    public Setup kafka(EmbeddedKafka kafka) {
        broker = kafka;
        return this;
    }

    /** Of the topic of events; default 3. */
    public Setup partitions(int number) {
        partitions = number;
        return this;
    }

    /** Adds this server as the next relay: the first call is {@code SMTP_*}, the second {@code SMTP_2_*}. */
    public Setup relay(ScriptedSmtpServer server) {
        return relay(++relays, server);
    }

    /** Puts this server in that place, counted from 1; places may be left out. */
    public Setup relay(int place, ScriptedSmtpServer server) {
        relays = Math.max(relays, place);
        String prefix = prefix(place);
        settings.put(prefix + "HOST", server.host());
        settings.put(prefix + "PORT", Integer.toString(server.port()));
        settings.put(prefix + "FROM", "no-reply-" + place + "@shop.example");
        settings.put(
                prefix + "TLS",
                server.tlsMode() == TlsMode.NONE
                        ? "none"
                        : server.tlsMode() == TlsMode.IMPLICIT ? "implicit" : "starttls");
        return this;
    }

    /** Trusts the authority that signed the scripted servers' certificates; without it none of them is trusted. */
    public Setup trustTestCertificates() {
        trusted = TestCertificates.clientContext();
        return this;
    }

    /** Logs in at this place's relay. */
    public Setup login(int place, String user, String password) {
        settings.put(prefix(place) + "USER", user);
        settings.put(prefix(place) + "PASS", password);
        return this;
    }

    /** Sets any setting, as in the environment. */
    public Setup with(String name, String value) {
        settings.put(name, value);
        return this;
    }

    /** Starts the application; it may not read yet when this returns, see {@link SignupMailer#awaitReading()}. */
    public SignupMailer start() {
        SignupMailer mailer = prepare();
        mailer.startAgain();
        return mailer;
    }

    /** Makes all that the application needs, such as its topic, but does not start it. */
    public SignupMailer prepare() {
        EmbeddedKafka kafka = broker == null ? SharedKafka.get() : broker;
        String unique = UUID.randomUUID().toString().substring(0, 8);
        Map<String, String> environment = new LinkedHashMap<>();
        try {
            Path folder = Files.createTempDirectory("signup-mailer-");
            environment.put("KAFKA_BROKERS", kafka.bootstrapServers());
            environment.put("SIGNUP_TOPIC", "events-" + unique);
            environment.put("KAFKA_GROUP", "mailer-" + unique);
            environment.put("MAILER_KAFKA_LEDGER_TOPIC", "deliveries-" + unique);
            environment.put(
                    "MAILER_ROUTES_DIR", Path.of("routes").toAbsolutePath().toString());
            environment.put(
                    "MAILER_DEAD_LETTER_FILE",
                    folder.resolve("dead-letter.jsonl").toString());
            environment.put("MAILER_HISTORY_DIR", folder.resolve("history").toString());
            environment.put("MAILER_PRODUCT_NAME", "Shop");
            environment.put("MANAGEMENT_PORT", "0");
            // Tests count connections.
            environment.put("MAILER_START_CHECK", "false");
            environment.put("MANAGEMENT_PASSWORD", "management-" + unique);
            environment.putAll(settings);
            kafka.createTopic(
                    String.valueOf(environment.get("SIGNUP_TOPIC")),
                    partitions,
                    Map.of("max.message.bytes", TOPIC_BYTES));
            return new SignupMailer(kafka, environment, folder, partitions, trusted);
        } catch (IOException e) {
            throw new UncheckedIOException("There is no place for the test's files", e);
        }
    }

    private static String prefix(int place) {
        return place == 1 ? "SMTP_" : "SMTP_" + place + "_";
    }
}
