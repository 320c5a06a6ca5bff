package org.signupmailer.dev;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The whole run, as a process of its own on free ports; started once for all that is shown of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DevelopmentRunTest {

    private static final Duration START = Duration.ofSeconds(90);

    private final HttpClient http = HttpClient.newHttpClient();
    private DevelopmentProcess run;
    private Path directory;

    @BeforeAll
    void startAndAwaitTheSamples(@TempDir Path directory) throws IOException {
        this.directory = directory;
        run = DevelopmentProcess.start(
                directory,
                Map.ofEntries(
                        Map.entry("DEV_KAFKA_PORT", "0"),
                        Map.entry("DEV_SMTP_PORT", "0"),
                        Map.entry("DEV_SMTP_2_PORT", "0"),
                        Map.entry("DEV_INBOX_PORT", "0"),
                        Map.entry("MANAGEMENT_PORT", "0"),
                        Map.entry(
                                "MAILER_DEAD_LETTER_FILE",
                                directory.resolve("dead-letter.jsonl").toString()),
                        Map.entry(
                                "MAILER_HISTORY_DIR",
                                directory.resolve("history").toString()),
                        // A real relay in the developer's shell; with these no mail would get through.
                        Map.entry("SMTP_USER", "real"),
                        Map.entry("SMTP_PASS", "secret"),
                        Map.entry("SMTP_2_USER", "real"),
                        Map.entry("SMTP_2_PASS", "secret")));
        await().atMost(START).until(() -> run.hasEnded() || run.printed().contains("Ctrl-C ends the run."));
        assertThat(run.printed()).contains("Ctrl-C ends the run.");
    }

    @AfterAll
    void end() {
        run.close();
    }

    @Test
    @Order(1)
    void eachSampleIsRefusedByTheFirstRelayAndTakenByTheSecond() {
        assertThat(run.printed())
                .contains("7 sample events: 7 mailed, 0 dead letters, 0 still on their way.")
                .containsPattern(
                        "signup.welcome to maria@example.com\\R +primary refused it \\(451 .*\\), secondary took it");
    }

    @Test
    @Order(1)
    void theTerminalShowsTheCodesInTheirLanguages() {
        assertThat(run.printed())
                .contains("VERIFICATION CODE FOR ann@example.com\n CODE: 123456")
                .contains("ivan@example.com\n КОД: 705518");
    }

    @Test
    @Order(1)
    void theInboxListsAMailOfEachType() throws Exception {
        String page = get(inboxUrl());

        for (Sample sample : Sample.ofEachType()) {
            assertThat(page)
                    .contains("<span class=\"type\">" + sample.type() + "</span>")
                    .contains(sample.recipient());
        }
        assertThat(page).contains("→ <b>secondary</b>");
    }

    @Test
    @Order(2)
    void aRecordThatSomebodyPublishesAppearsInTheInbox() throws Exception {
        publish("{\"specversion\":\"1.0\",\"id\":\"mine-1\",\"source\":\"/shop/auth\","
                + "\"type\":\"signup.verification-code\",\"datacontenttype\":\"application/json\","
                + "\"data\":{\"email\":\"you@example.com\",\"code\":\"654321\"}}");

        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() ->
                        assertThat(get(inboxUrl())).contains("you@example.com").contains("654321"));
    }

    @Test
    @Order(2)
    void aRecordThatIsNoEventIsToldAsADeadLetter() throws Exception {
        publish("{\"broken");

        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(run.printed()).contains("DEAD LETTER  invalid-event"));
    }

    @Test
    @Order(3)
    void theCommandToPasteIsAnEventThatTheApplicationTakes() throws Exception {
        Matcher command = Pattern.compile("echo '(\\{.*})' \\| kcat -P -b (\\S+) -t signup-events -k you@example.com")
                .matcher(run.printed());
        assertThat(command.find()).isTrue();
        assertThat(command.group(2)).isEqualTo(brokers());

        publish(command.group(1).replace("'$(date +%s)'", "pasted"));

        await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> assertThat(get(inboxUrl() + "mail/9?headers"))
                .contains("<th>X-Event-Id</th><td>mine-pasted</td>"));
    }

    @Test
    @Order(4)
    void itEndsInSecondsAndLeavesNoDataBehind() throws Exception {
        run.interrupt();

        run.awaitExit(Duration.ofSeconds(15));
        assertThat(run.printed()).doesNotContain("\tat ").doesNotContain("did not stop");
        assertThat(directory).isDirectoryNotContaining("glob:**embedded-kafka-*");
    }

    private void publish(String value) throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(DevelopmentRun.TOPIC, "you@example.com", value))
                    .get(30, TimeUnit.SECONDS);
        }
    }

    private String inboxUrl() {
        return printed("Mails +(http://localhost:\\d+/)");
    }

    private String brokers() {
        return printed("Kafka +(localhost:\\d+)");
    }

    private String printed(String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(run.printed());
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }

    private String get(String url) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
    }
}
