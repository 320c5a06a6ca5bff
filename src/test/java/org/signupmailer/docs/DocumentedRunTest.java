package org.signupmailer.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.kafka.EmbeddedKafka;
import org.signupmailer.testing.kafka.FreePorts;
import org.signupmailer.testing.smtp.ReceivedMail;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the documentation shows, done with the real application. */
@ExtendWith(OutputCaptureExtension.class)
class DocumentedRunTest {

    private static final YAMLMapper YAML = new YAMLMapper();

    private static EmbeddedKafka kafka = EmbeddedKafka.start();

    private final Markdown readme = Markdown.read("README.md");
    private final Markdown recipes = Markdown.read("routes/README.md");

    @BeforeAll
    static void theBrokerIsThere() {
        assertThat(kafka.port()).isPositive();
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void theApplicationSaysAndCountsWhatReadmeShows(CapturedOutput output) throws Exception {
        try (ScriptedSmtpServer second = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.with()
                        .kafka(kafka)
                        .with("SIGNUP_TOPIC", "signup-events")
                        .with("SMTP_HOST", "127.0.0.1")
                        .with("SMTP_PORT", Integer.toString(FreePorts.any()))
                        .relay(2, second)
                        .with("SMTP_FROM", "no-reply@example.com")
                        .with("SMTP_2_FROM", "no-reply@example.com")
                        .with("MAILER_RELAYS_SECONDARY_MAILS_PER_DAY", "500")
                        .with("MANAGEMENT_PASSWORD", "")
                        .with("MAILER_START_CHECK", "true")
                        .start()) {
            mailer.awaitReading();

            mailer.publishText("ann@example.com", kcatEvent());
            mailer.publishText("x", "garbage");
            try (MailEvents java = new MailEvents(kafka.bootstrapServers())) {
                java.sendCode(
                        "Bob@example.com", "Bob", "en", "654321", Instant.now().plus(Duration.ofMinutes(10)));
            }

            List<ReceivedMail> mails = second.awaitMails(2, SignupMailer.PATIENCE);
            assertThat(mails).extracting(ReceivedMail::eventId).contains("docs-1");
            assertThat(mails).flatExtracting(ReceivedMail::recipients).contains("Bob@example.com");
            assertThat(mailer.awaitDeadLetters(1)).hasSize(1);
            for (String line : shownLines()) {
                await().atMost(SignupMailer.PATIENCE)
                        .untilAsserted(() -> assertThat(output.getOut()).containsPattern(likeIt(line)));
            }
            assertThat(scrape(mailer, passwordIn(output)))
                    .contains(readme.table("| metric | counts |").stream()
                            .flatMap(row -> Markdown.codes(row.get(0)).stream())
                            .toList());
        }
    }

    @Test
    void aRouteThatIsStoppedOverJmxAsThePageSaysPassesItsMailOn() throws Exception {
        try (ScriptedSmtpServer first = ScriptedSmtpServer.start();
                ScriptedSmtpServer second = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.start(first, second)) {
            ObjectName route = routeOverJmx(mailer.camel(), "relay-primary");

            ManagementFactory.getPlatformMBeanServer().invoke(route, "stop", new Object[0], new String[0]);
            mailer.publish(TestEvents.verificationCode());
            second.awaitMails(1, SignupMailer.PATIENCE);
            assertThat(first.connections()).isZero();

            ManagementFactory.getPlatformMBeanServer().invoke(route, "start", new Object[0], new String[0]);
            mailer.publish(TestEvents.verificationCode());
            first.awaitMails(1, SignupMailer.PATIENCE);
        }
    }

    @Test
    void theRecipesForTheOrderForAFourthRelayAndForInvitationsDoWhatThePageSays(@TempDir Path routes) throws Exception {
        cook(routes);
        try (ScriptedSmtpServer secondary = ScriptedSmtpServer.start();
                ScriptedSmtpServer primary = ScriptedSmtpServer.start();
                ScriptedSmtpServer backup = ScriptedSmtpServer.start();
                ScriptedSmtpServer bulk = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.with()
                        .relay(1, primary)
                        .relay(2, secondary)
                        .with("MAILER_ROUTES_DIR", routes.toString())
                        .with("MAILER_RELAYS_BACKUP_HOST", backup.host())
                        .with("MAILER_RELAYS_BACKUP_PORT", Integer.toString(backup.port()))
                        .with("MAILER_RELAYS_BULK_HOST", bulk.host())
                        .with("MAILER_RELAYS_BULK_PORT", Integer.toString(bulk.port()))
                        .start()) {
            mailer.awaitReading();

            mailer.publish(TestEvents.invitation());
            bulk.awaitMails(1, SignupMailer.PATIENCE);
            mailer.publish(TestEvents.verificationCode());
            secondary.awaitMails(1, SignupMailer.PATIENCE);

            mailer.camel().getRouteController().stopRoute("relay-secondary");
            mailer.publish(TestEvents.verificationCode());
            primary.awaitMails(1, SignupMailer.PATIENCE);

            mailer.camel().getRouteController().stopRoute("relay-primary");
            mailer.publish(TestEvents.verificationCode());
            backup.awaitMails(1, SignupMailer.PATIENCE);

            mailer.camel().getRouteController().stopRoute("relay-bulk");
            mailer.publish(TestEvents.invitation());
            backup.awaitMails(2, SignupMailer.PATIENCE);
            assertThat(bulk.mailCount()).isEqualTo(1);
        }
    }

    /** The shipped routes after three of the page's recipes. */
    private void cook(Path folder) throws IOException {
        try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
            for (Path file :
                    shipped.filter(path -> path.toString().endsWith(".yaml")).toList()) {
                Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        Path relays = folder.resolve("relays.camel.yaml");
        ArrayNode chain = (ArrayNode) YAML.readTree(relays.toFile());
        put(chain, recipes.block("yaml", "Asked second"));
        put(chain, recipes.block("yaml", "id: relay-backup"));
        put(chain, recipes.block("yaml", "id: relay-bulk"));
        ObjectNode last = (ObjectNode) route(chain, "relay-tertiary").at("/route/from/parameters");
        last.put("next", "relay:backup");
        YAML.writeValue(relays.toFile(), chain);

        Path intake = folder.resolve("intake.camel.yaml");
        ArrayNode reading = (ArrayNode) YAML.readTree(intake.toFile());
        ArrayNode steps = (ArrayNode) route(reading, "signup-events").at("/route/from/steps");
        assertThat(steps.get(steps.size() - 1).at("/to/id").textValue()).isEqualTo("to-first-relay");
        steps.remove(steps.size() - 1);
        JsonNode choice = YAML.readTree(recipes.block("yaml", "is-invitation")).get(0);
        // The recipe for the order changes the step that the recipe for invitations keeps in its "otherwise".
        JsonNode first = YAML.readTree(recipes.block("yaml", "        - to:\n            id: to-first-relay\n"))
                .get(0);
        ((ArrayNode) choice.at("/choice/otherwise/steps")).set(0, first);
        steps.add(choice);
        YAML.writeValue(intake.toFile(), reading);
    }

    private static void put(ArrayNode routes, String recipe) throws IOException {
        for (JsonNode fresh : YAML.readTree(recipe)) {
            String id = fresh.at("/route/id").textValue();
            for (int i = routes.size() - 1; i >= 0; i--) {
                if (routes.get(i).at("/route/id").asText().equals(id)) {
                    routes.remove(i);
                }
            }
            routes.add(fresh);
        }
    }

    private static JsonNode route(ArrayNode routes, String id) {
        for (JsonNode route : routes) {
            if (route.at("/route/id").asText().equals(id)) {
                return route;
            }
        }
        throw new AssertionError("No route " + id);
    }

    private String kcatEvent() {
        Matcher event = Pattern.compile("echo '(\\{.*})'").matcher(readme.block("sh", "kcat -P"));
        assertThat(event.find()).isTrue();
        return event.group(1);
    }

    private List<String> shownLines() {
        return readme.block("text", "Created the topics")
                .lines()
                .map(line -> line.replaceFirst("^(\\d| ) +", ""))
                .toList();
    }

    /** The line with anything in the places that differ from run to run. */
    private static Pattern likeIt(String line) {
        String pattern = Pattern.quote(line)
                .replaceAll("\\d\\d:\\d\\d:\\d\\d\\.\\d{3}", any("[0-9:.]+"))
                .replaceAll("127\\.0\\.0\\.1:\\d+", any("127\\.0\\.0\\.1:\\d+"))
                .replaceAll("Kafka: [\\w.:]+", "Kafka: " + any("[\\w.:]+"))
                .replaceAll("group [\\w-]+", "group " + any("[\\w-]+"))
                .replaceAll("after [\\d.]+ s", "after " + any("[\\d.]+ s"))
                .replaceAll("password [\\w-]{20,}", "password " + any("[\\w-]{20,}"))
                .replaceAll("\\[signup-.*]", any("\\[signup-.+\\]"))
                .replaceAll("reading \\d+", "reading " + any("\\d+"))
                .replaceAll("\\d+@\\d+", any("\\d+@\\d+"))
                .replaceAll("port \\d+ of", "port " + any("\\d+") + " of")
                .replaceAll("well \\([\\d.]+ s", "well (" + any("[\\d.]+ s"))
                .replaceAll("\\d+ ms", any("\\d+ ms"));
        return Pattern.compile(pattern);
    }

    private static String any(String pattern) {
        return Matcher.quoteReplacement("\\E" + pattern + "\\Q");
    }

    private static String passwordIn(CapturedOutput output) {
        Matcher password = Pattern.compile("user admin, password ([\\w-]+)").matcher(output.getOut());
        assertThat(password.find()).isTrue();
        return password.group(1);
    }

    private static String scrape(SignupMailer mailer, String password) throws Exception {
        String base = "http://127.0.0.1:" + mailer.managementPort();
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest health =
                HttpRequest.newBuilder(URI.create(base + "/actuator/health")).build();
        assertThat(client.send(health, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
        HttpRequest metrics = HttpRequest.newBuilder(URI.create(base + "/actuator/prometheus"))
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(("admin:" + password).getBytes(StandardCharsets.US_ASCII)))
                .build();
        return client.send(metrics, HttpResponse.BodyHandlers.ofString()).body();
    }

    private static ObjectName routeOverJmx(CamelContext camel, String id) throws Exception {
        // The page's "signup-mailer" is the name of the one process; tests run several.
        return new ObjectName(
                "org.apache.camel:context=" + camel.getManagementName() + ",type=routes,name=\"" + id + "\"");
    }
}
