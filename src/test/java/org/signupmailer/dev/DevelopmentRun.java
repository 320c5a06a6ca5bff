package org.signupmailer.dev;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.signupmailer.SignupMailApplication;
import org.signupmailer.testing.kafka.EmbeddedKafka;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.Environment;

/**
 * Runs the application with all that it needs on this machine: a Kafka broker, two relays of which the first refuses,
 * and a page that shows the mails. Publishes a sample of each type, tells what became of it, and goes on until Ctrl-C.
 *
 * <p>It needs no setting; {@link DevelopmentSettings} names the ports that can be changed. Exits with 1 and one sentence
 * per port when a port is taken.
 */
public final class DevelopmentRun implements AutoCloseable {

    static final String TOPIC = "signup-events";

    private static final int PARTITIONS = 4;
    private static final long SAMPLES_TAKE_AT_MOST_MILLIS = 30_000;

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Inbox inbox = new Inbox();
    private final Story story = new Story(System.out, inbox);

    private DevelopmentRun() {}

    public static void main(String[] args) throws InterruptedException {
        DevelopmentSettings settings = DevelopmentSettings.read();
        List<String> problems = settings.problems();
        if (!problems.isEmpty()) {
            problems.forEach(System.err::println);
            System.exit(1);
        }
        DevelopmentRun run = new DevelopmentRun();
        // Runs after the application has stopped, so that it can finish its mails and commit.
        SpringApplication.getShutdownHandlers().add(run::close);
        Surroundings around = null;
        try {
            around = run.surroundings(settings);
        } catch (IOException | RuntimeException e) {
            System.err.println("The development run did not start: " + e.getMessage());
            System.exit(1);
        }
        run.serve(Objects.requireNonNull(around), args);
    }

    /** What the application talks to, and who looks at it. */
    private record Surroundings(EmbeddedKafka kafka, DevelopmentRelays relays, InboxServer page, String management) {}

    private Surroundings surroundings(DevelopmentSettings settings) throws IOException {
        Map<String, String> asUsual = Map.of("auto.create.topics.enable", "true");
        EmbeddedKafka kafka = settings.kafka().number() == 0
                ? EmbeddedKafka.start(asUsual)
                : EmbeddedKafka.start(settings.kafka().number(), asUsual);
        parts.push(kafka);
        kafka.createTopic(TOPIC, PARTITIONS);

        DevelopmentRelays relays = DevelopmentRelays.start(
                settings.firstRelay().number(), settings.secondRelay().number(), inbox);
        parts.push(relays);

        InboxServer page = InboxServer.start(
                settings.inbox().number(),
                inbox,
                new InboxPage(inbox, relays.onShow(), publishCommand(kafka.bootstrapServers())));
        parts.push(page);
        inbox.onMail(mail -> story.tell(mail, page.url()));
        parts.push(EventWatch.start(kafka.bootstrapServers(), inbox, story::tell));
        return new Surroundings(kafka, relays, page, settings.management().written());
    }

    private void serve(Surroundings around, String[] args) throws InterruptedException {
        String password = managementPassword();
        configure(around, password);
        SpringApplication application = new SpringApplication(SignupMailApplication.class);
        application.setMainApplicationClass(SignupMailApplication.class);
        application.addInitializers(new Isolation());
        String managementPort = "";
        String managementUser = "";
        try {
            Environment environment = application.run(args).getEnvironment();
            managementPort = environment.getProperty("local.server.port", around.management());
            managementUser = environment.getProperty("MANAGEMENT_USER", "admin");
        } catch (RuntimeException saidByTheApplication) {
            System.exit(1);
        }

        List<Sample> samples = Sample.ofEachType();
        publish(around.kafka(), samples);
        story.awaitEnd(samples, SAMPLES_TAKE_AT_MOST_MILLIS);
        story.summary(
                samples,
                List.of(
                        "Mails       " + around.page().url(),
                        "Hawtio      http://localhost:%s/actuator/hawtio (user %s, password %s)"
                                .formatted(managementPort, managementUser, password),
                        "Kafka       " + around.kafka().bootstrapServers() + ", topic " + TOPIC,
                        "",
                        "Publish one of your own from another terminal:",
                        "",
                        publishCommand(around.kafka().bootstrapServers()),
                        "",
                        "Ctrl-C ends the run."));
    }

    /** Ends what {@link #surroundings} began, the last first. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                System.err.println("A part of the development run did not stop: " + e);
            }
        }
    }

    /** System properties stand above everything but the command line in Spring Boot. */
    private static void configure(Surroundings around, String password) {
        // No .env: it holds the relays that real mail goes through.
        System.setProperty("mailer.env-file", "");
        System.setProperty("KAFKA_BROKERS", around.kafka().bootstrapServers());
        System.setProperty("SIGNUP_TOPIC", TOPIC);
        // The first relay is meant to refuse; there is nothing to warn of.
        System.setProperty("MAILER_START_CHECK", "false");
        System.setProperty("SMTP_HOST", "localhost");
        System.setProperty("SMTP_PORT", Integer.toString(around.relays().firstPort()));
        System.setProperty("SMTP_TLS", "none");
        System.setProperty("SMTP_FROM", "noreply@example.com");
        System.setProperty("SMTP_FROM_NAME", "Example Shop");
        System.setProperty("SMTP_2_HOST", "localhost");
        System.setProperty("SMTP_2_PORT", Integer.toString(around.relays().secondPort()));
        System.setProperty("SMTP_2_TLS", "none");
        System.setProperty("MAILER_LOG_CODES", "true");
        System.setProperty("MANAGEMENT_PORT", around.management());
        System.setProperty("MANAGEMENT_PASSWORD", password);
    }

    /** The developer's own, else a fresh one: a password that everybody knows is none, on loopback too. */
    private static String managementPassword() {
        return Optional.ofNullable(System.getProperty("MANAGEMENT_PASSWORD"))
                .or(() -> Optional.ofNullable(System.getenv("MANAGEMENT_PASSWORD")))
                .orElseGet(() -> {
                    byte[] random = new byte[6];
                    new SecureRandom().nextBytes(random);
                    return HexFormat.of().formatHex(random);
                });
    }

    /** All in structured mode but the last, so that both modes are seen to work. */
    private static void publish(EmbeddedKafka kafka, List<Sample> samples) {
        ObjectMapper json = new ObjectMapper();
        try {
            for (Sample sample : samples.subList(0, samples.size() - 1)) {
                kafka.publish(
                        TOPIC,
                        sample.recipient(),
                        json.writeValueAsString(sample.cloudEvent()),
                        EmbeddedKafka.header("content-type", "application/cloudevents+json"));
            }
            Sample last = samples.get(samples.size() - 1);
            kafka.publish(
                    TOPIC,
                    last.recipient(),
                    json.writeValueAsString(last.data()),
                    EmbeddedKafka.header("ce_specversion", "1.0"),
                    EmbeddedKafka.header("ce_id", last.id()),
                    EmbeddedKafka.header("ce_source", "/shop/auth"),
                    EmbeddedKafka.header("ce_type", last.type()),
                    EmbeddedKafka.header("content-type", "application/json"));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A sample can't be written as JSON", e);
        }
    }

    /** One line to paste; the time of day in the id makes it an event of its own each second. */
    private static String publishCommand(String brokers) {
        return "echo '{\"specversion\":\"1.0\",\"id\":\"mine-'$(date +%s)'\",\"source\":\"/shop/auth\","
                + "\"type\":\"signup.verification-code\",\"datacontenttype\":\"application/json\","
                + "\"data\":{\"email\":\"you@example.com\",\"name\":\"You\",\"locale\":\"en\",\"code\":\"654321\"}}'"
                + " | kcat -P -b " + brokers + " -t " + TOPIC + " -k you@example.com";
    }
}
