package org.signupmailer.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.signupmailer.SignupMailApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The real application with one bad setting each: what people read then, word for word. */
class StartFailureTest {

    @TempDir
    Path folder;

    private Path routes;

    private final Map<String, String> settings = new LinkedHashMap<>();

    @BeforeEach
    void goodSettings() throws IOException {
        routes = Files.createDirectory(folder.resolve("routes"));
        try (Stream<Path> shipped = Files.list(Path.of("routes"))) {
            for (Path file : shipped.toList()) {
                Files.copy(file, routes.resolve(file.getFileName()));
            }
        }
        settings.put("SMTP_HOST", "127.0.0.1");
        settings.put("SMTP_PORT", "2525");
        settings.put("SMTP_FROM", "no-reply@shop.example");
        settings.put("KAFKA_BROKERS", "127.0.0.1:1");
        settings.put("MANAGEMENT_PORT", "0");
        settings.put("MAILER_ROUTES_DIR", routes.toString());
        settings.put(
                "MAILER_DEAD_LETTER_FILE", folder.resolve("dead-letter.jsonl").toString());
        settings.put("MAILER_HISTORY_DIR", folder.resolve("history").toString());
        settings.put("mailer.env-file", folder.resolve(".env").toString());
        settings.put("spring.jmx.unique-names", "true");
    }

    // Settings of relays and of templates are tested where they are read; here it is that they come through.

    @Test
    void aRelaysSettingComesThrough() {
        settings.put("SMTP_PORT", "abc");

        assertThat(sentence())
                .isEqualTo("SMTP_PORT is \"abc\", which is not a port; use a number from 1 to 65535, usually 587 or"
                        + " 465.");
    }

    @Test
    void aWordForUncertainMailsThatIsNone() {
        settings.put("MAILER_UNCERTAIN", "retry");

        assertThat(sentence())
                .isEqualTo("MAILER_UNCERTAIN is \"retry\"; it must be resend or dead-letter, usually resend.");
    }

    @Test
    void noRelayAtAll() {
        settings.keySet().removeIf(key -> key.startsWith("SMTP_"));

        assertThat(sentence())
                .isEqualTo("No relay is configured; set SMTP_HOST and SMTP_FROM (or SMTP_PROVIDER, SMTP_USER and"
                        + " SMTP_PASS), or mailer.relays.<name>.host; see .env.example.");
    }

    @Test
    void aLineOfTheEnvFile() throws IOException {
        Files.writeString(folder.resolve(".env"), "SMTP_PASS hunter2\n");

        assertThat(sentence())
                .isEqualTo("Line 1 of " + folder.resolve(".env")
                        + " is not KEY=value; write one setting a line, or begin a comment with #.");
    }

    @Test
    void managementPort() {
        settings.put("MANAGEMENT_PORT", "abc");

        assertThat(sentence())
                .isEqualTo("MANAGEMENT_PORT is \"abc\", which is not a port; use a number from 1 to 65535, usually"
                        + " 8081, or 0 for any free one.");
    }

    @Test
    void managementPortThatIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            settings.put("MANAGEMENT_PORT", String.valueOf(taken.getLocalPort()));

            assertThat(sentence())
                    .isEqualTo("MANAGEMENT_PORT is " + taken.getLocalPort()
                            + ", but another process listens there; set it to a free port, or to 0 for any.");
        }
    }

    @Test
    void managementAddressOfAnotherMachine() {
        settings.put("MANAGEMENT_ADDRESS", "203.0.113.1");

        assertThat(sentence())
                .isEqualTo("MANAGEMENT_ADDRESS is \"203.0.113.1\", which is not an address of this machine; use"
                        + " 127.0.0.1 to be reached from this machine alone, or 0.0.0.0 from all.");
    }

    @Test
    void managementPasswordThatIsTooLong() {
        settings.put("MANAGEMENT_PASSWORD", "x".repeat(73));

        assertThat(sentence()).isEqualTo("MANAGEMENT_PASSWORD is 73 bytes long; use one of at most 72.");
    }

    @Test
    void logCodes() {
        settings.put("MAILER_LOG_CODES", "maybe");

        assertThat(sentence())
                .isEqualTo("MAILER_LOG_CODES is \"maybe\"; use true to print each code to the console, for development,"
                        + " or false not to.");
    }

    @Test
    void defaultLocale() {
        settings.put("MAILER_DEFAULT_LOCALE", "nonsense");

        assertThat(sentence())
                .isEqualTo("MAILER_DEFAULT_LOCALE is \"nonsense\", which is not a language tag; use one that there are"
                        + " templates for, such as en, ru or pt-BR.");
    }

    @Test
    void brokersWithoutAPort() {
        settings.put("KAFKA_BROKERS", "localhost");

        assertThat(sentence())
                .isEqualTo("KAFKA_BROKERS is \"localhost\", which is not a list of brokers; write host:port, several"
                        + " with commas between them, such as kafka-1:9092,kafka-2:9092.");
    }

    @Test
    void settingsThatKafkasClientDoesNotTake() {
        settings.put("mailer.kafka.properties.session.timeout.ms", "abc");

        assertThat(sentence())
                .isEqualTo("mailer.kafka.properties holds what Kafka's client does not take (Invalid value abc for"
                        + " configuration session.timeout.ms: Not a number of type INT); correct that line, or leave it"
                        + " out.");
    }

    @Test
    void concurrency() {
        settings.put("MAILER_CONCURRENCY", "0");

        assertThat(sentence())
                .isEqualTo("MAILER_CONCURRENCY is \"0\"; it must be a whole number from 1 to 1000, usually 40.");
    }

    @Test
    void deadLetterFileBelowAFile() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        settings.put(
                "MAILER_DEAD_LETTER_FILE", file.resolve("dead-letter.jsonl").toString());

        assertThat(sentence())
                .startsWith("MAILER_DEAD_LETTER_FILE is \"" + file.resolve("dead-letter.jsonl")
                        + "\", which can't be written (")
                .endsWith("; name a file in a folder that this user may write to, such as logs/dead-letter.jsonl.");
    }

    @Test
    void templatesFolderThatIsMissing() {
        settings.put("MAILER_TEMPLATES_DIR", folder.resolve("none").toString());

        assertThat(sentence())
                .startsWith("MAILER_TEMPLATES_DIR is \"" + folder.resolve("none") + "\", but there is no such folder;");
    }

    @Test
    void springsOwnSettings() {
        settings.put("server.tomcat.threads.max", "many");

        assertThat(sentence())
                .isEqualTo("server.tomcat.threads.max is \"many\", which is not a whole number; correct it, or leave it"
                        + " out.");
    }

    @Test
    void aReferenceToASettingThatIsNotSet() {
        settings.put("MAILER_PRODUCT_NAME", "${SHOP_NAME}");

        assertThat(sentence())
                .isEqualTo("a setting refers to ${SHOP_NAME}, which is not set; set that one too, or write the value"
                        + " itself.");
    }

    @Test
    void routesFolderThatIsMissing() {
        settings.put("MAILER_ROUTES_DIR", folder.resolve("none").toString());

        assertThat(sentence())
                .startsWith("MAILER_ROUTES_DIR is \"" + folder.resolve("none") + "\", but there is no such folder");
    }

    @Test
    void routesFolderWithoutRoutes() throws IOException {
        settings.put(
                "MAILER_ROUTES_DIR",
                Files.createDirectory(folder.resolve("empty")).toString());

        assertThat(sentence())
                .isEqualTo("MAILER_ROUTES_DIR is \"" + folder.resolve("empty")
                        + "\", but no file in it ends in .camel.yaml; without routes no mail would be sent, so copy the"
                        + " shipped ones there.");
    }

    // What else can be wrong with routes is in the corpus of broken edits; here it is that it comes through.

    @Test
    void aFlawInTheRoutesWithItsPlace() throws IOException {
        Path file = edit("relays", "uri: smtp:primary", "uri: smpt:primary");

        assertThat(sentence()).isEqualTo(file + ":47:18: there is no component \"smpt\"; did you mean \"smtp\"?");
    }

    @Test
    void theFirstOfSeveralFlawsInTheRoutesAndHowManyMore() throws IOException {
        Path file = edit("dead-letter", "ref: chainEnd", "ref: chainEndd");
        edit("relays", "#relay-primary", "#relay-backup");
        edit("relays", "#relay-secondary", "#relay-backup");

        assertThat(sentence())
                .isEqualTo(file + ":32:18: there is no bean \"chainEndd\"; did you mean \"chainEnd\"? (2 more are"
                        + " wrong; the command check-routes lists all)");
    }

    @Test
    void aSecretInTheRoutesIsNotRepeated() throws IOException {
        Path file = edit("relays", "next: relay:secondary", "password: hunter2");

        assertThat(sentence()).startsWith(file + ":42:9: a login stands here").doesNotContain("hunter2");
    }

    @Test
    void whatNobodyThoughtOfIsToldInItsOwnWords() {
        assertThat(StartFailure.sentence(new IllegalStateException("outer", new IOException("the disk\nis full"))))
                .isEqualTo("an unexpected IOException (the disk is full); start with --debug to see what lies behind"
                        + " it.");
    }

    private Path edit(String name, String from, String to) throws IOException {
        Path file = routes.resolve(name + ".camel.yaml");
        String text = Files.readString(file);
        assertThat(text).contains(from);
        int at = text.indexOf(from);
        Files.writeString(file, text.substring(0, at) + to + text.substring(at + from.length()));
        return file;
    }

    private String sentence() {
        String[] arguments = settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        Throwable failure = catchThrowable(() -> {
            try (ConfigurableApplicationContext context =
                    new SpringApplicationBuilder(SignupMailApplication.class).run(arguments)) {
                assertThat(context.isRunning()).isFalse();
            }
        });
        assertThat(failure).as("the start failed").isNotNull().isNotInstanceOf(AssertionError.class);
        return StartFailure.sentence(failure);
    }
}
