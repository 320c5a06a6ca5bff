package org.signupmailer.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.signupmailer.delivery.DeadLetterReason;
import org.signupmailer.event.EventReader;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.kafka.KafkaSettings;
import org.springframework.mock.env.MockEnvironment;

/** What README says is what the files and the code say; {@link DocumentedRunTest} runs what it shows. */
class ReadmeTest {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Z_]+):([^}]*)}");
    private static final Pattern KCAT_EVENT = Pattern.compile("echo '(\\{.*})'");

    private final Markdown readme = Markdown.read("README.md");
    private final EventReader reader = new EventReader();

    @Test
    void kcatPublishesAValidEventUnderItsRecipientsAddress() throws Exception {
        String command = readme.block("sh", "kcat -P");
        Matcher event = KCAT_EVENT.matcher(command);
        assertThat(event.find()).isTrue();

        assertThat(command).contains(" -k " + read(event.group(1)).recipientKey());
    }

    @Test
    void theJavaExampleIsTheClassThatTheTestsRun() throws IOException {
        String source = Files.readString(Path.of("src/test/java/org/signupmailer/docs/MailEvents.java"));

        assertThat(source).endsWith(readme.block("java", "class MailEvents"));
    }

    @Test
    void nodeAndPythonPublishValidEvents() throws Exception {
        SignupEvent fromNode = read(event(readme.block("js", "kafkajs"), "const event = {")
                .replace("randomUUID()", "\"1\"")
                .replace("new Date().toISOString()", "\"2026-11-22T05:00:00Z\"")
                .replace("expiresAt.toISOString()", "\"2026-11-22T05:10:00.000Z\""));
        SignupEvent fromPython = read(event(readme.block("python", "confluent_kafka"), "event = {")
                .replace("str(uuid.uuid4())", "\"1\"")
                .replace("expires_at.isoformat()", "\"2026-11-22T05:10:00.123456+00:00\"")
                .replaceAll(",(\\s*})", "$1"));

        assertThat(fromNode.code()).isEqualTo(fromPython.code()).isEqualTo("123456");
        assertThat(fromNode.expiresAt()).isNotNull();
        assertThat(fromPython.expiresAt()).isNotNull();
    }

    @Test
    void everyClientPublishesToTheDefaultTopicByTheAddressInLowerCase() {
        String topic = KafkaSettings.read(new MockEnvironment()).topic();

        assertThat(readme.block("sh", "kcat -P")).contains(" -t " + topic + " ");
        assertThat(readme.block("java", "class MailEvents")).contains('"' + topic + '"', "email.toLowerCase(");
        assertThat(readme.block("js", "kafkajs")).contains('"' + topic + '"', "key: email.toLowerCase()");
        assertThat(readme.block("python", "confluent_kafka")).contains('"' + topic + '"', "key=email.lower()");
    }

    @Test
    void theTableOfSettingsHasThoseOfTheCodeWithTheirDefaults() throws IOException {
        Map<String, String> expected = new TreeMap<>(settingsInFiles());
        KafkaSettings kafka = KafkaSettings.read(new MockEnvironment());
        expected.put("MAILER_CONCURRENCY", Integer.toString(kafka.concurrency()));
        expected.put("MAILER_READ_AHEAD", Integer.toString(kafka.readAhead()));

        // DocumentedRunTest sees that they are these.
        expected.put("MANAGEMENT_USER", "admin");
        expected.put("MANAGEMENT_PASSWORD", "");
        expected.put(
                "MAILER_RETRY_DELAYS",
                kafka.retryTopics().stream()
                        .map(topic -> topic.substring(topic.lastIndexOf('-') + 1))
                        .collect(Collectors.joining(",")));

        Map<String, String> documented = new TreeMap<>();
        for (List<String> row : readme.table("| setting | meaning | default |")) {
            if (!row.get(0).contains("SMTP_")) {
                // Where the default is no value but words, there is no code in the cell.
                documented.put(
                        String.join(",", Markdown.codes(row.get(0))), String.join(",", Markdown.codes(row.get(2))));
            }
        }
        assertThat(documented).isEqualTo(expected);
    }

    @Test
    void everyReasonOfADeadLetterIsExplained() {
        List<String> explained = readme.table("| reason | means |").stream()
                .flatMap(row -> Markdown.codes(row.get(0)).stream())
                .toList();

        assertThat(explained)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(DeadLetterReason.values())
                        .map(DeadLetterReason::id)
                        .toList());
    }

    @Test
    void ciRunsTheTestCommandThatReadmeAndContributingGive() throws IOException {
        String command = readme.block("sh", "verify").strip();
        String ci = Files.readString(Path.of(".ci/run"));

        assertThat(ci.lines().filter(line -> line.startsWith("./mvnw")))
                .singleElement()
                .asString()
                .startsWith(command + " ");
        assertThat(Markdown.read("CONTRIBUTING.md").text()).contains("`" + command + "`");
        assertThat(Files.isExecutable(Path.of(".ci/run"))).isTrue();
    }

    @Test
    void theRunCommandIsTheSameEverywhere() {
        String command = readme.blocks("sh").get(0).strip();

        assertThat(command).endsWith("spring-boot:test-run");
        assertThat(Markdown.read("CONTRIBUTING.md").text()).contains("`" + command + "`");
    }

    @Test
    void everyRelativeLinkLeadsSomewhere() {
        List<String> broken = new ArrayList<>();
        for (Markdown page : Markdown.all()) {
            for (String link : page.links()) {
                if (!link.matches("[a-z]+:.*") && !leadsSomewhere(page, link)) {
                    broken.add(page.file() + " -> " + link);
                }
            }
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void contributorsFindEveryPackage() throws IOException {
        List<String> documented = Markdown.read("CONTRIBUTING.md").table("| package | holds |").stream()
                .map(row -> Markdown.codes(row.get(0)).get(0))
                .toList();
        try (Stream<Path> packages = Files.list(Path.of("src/main/java/org/signupmailer"))) {
            assertThat(packages.filter(Files::isDirectory)
                            .map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(documented);
        }
    }

    @Test
    void everyDecisionIsInTheIndex() throws IOException {
        Markdown index = Markdown.read("docs/README.md");
        try (Stream<Path> decisions = Files.list(Path.of("docs/decisions"))) {
            assertThat(decisions.map(file -> "decisions/" + file.getFileName()))
                    .isNotEmpty()
                    .allSatisfy(link -> assertThat(index.links()).contains(link));
        }
    }

    private static boolean leadsSomewhere(Markdown page, String link) {
        int hash = link.indexOf('#');
        String path = hash < 0 ? link : link.substring(0, hash);
        Path target = path.isEmpty() ? page.file() : page.file().resolveSibling(path);
        return Files.exists(target)
                && (hash < 0 || Markdown.read(target.toString()).anchors().contains(link.substring(hash + 1)));
    }

    private static Map<String, String> settingsInFiles() throws IOException {
        Map<String, String> settings = new LinkedHashMap<>();
        try (Stream<Path> sources = Files.walk(Path.of("src/main"))) {
            List<Path> files = sources.filter(file -> file.toString().matches(".*\\.(java|yaml)"))
                    .toList();
            for (Path file : files) {
                PLACEHOLDER
                        .matcher(Files.readString(file))
                        .results()
                        .forEach(match -> settings.put(match.group(1), match.group(2)));
            }
        }
        return settings;
    }

    /** The object that begins there, with values in place of the program's variables. */
    private static String event(String program, String begin) {
        int start = program.indexOf(begin) + begin.length() - 1;
        int depth = 0;
        int end = start;
        do {
            char c = program.charAt(end++);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        } while (depth > 0);
        String json = program.substring(start, end);
        Map<String, String> values =
                Map.of("email", "Ann@example.com", "name", "Ann", "locale", "en", "code", "123456");
        for (Map.Entry<String, String> value : values.entrySet()) {
            json = json.replace(
                    "\"%s\": %<s".formatted(value.getKey()),
                    "\"%s\": \"%s\"".formatted(value.getKey(), value.getValue()));
        }
        return json;
    }

    private SignupEvent read(String json) throws Exception {
        return reader.read(new RecordHeaders(), json.getBytes(StandardCharsets.UTF_8));
    }
}
