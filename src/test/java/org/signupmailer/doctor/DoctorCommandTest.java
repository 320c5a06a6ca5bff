package org.signupmailer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import picocli.CommandLine;

/** The command as people run it: a process of its own, with its settings, output and exit code. */
@Execution(ExecutionMode.CONCURRENT)
class DoctorCommandTest {

    @TempDir
    private Path folder;

    /** What a run printed, and how it ended. */
    private record Run(int exit, String out, String err) {

        String all() {
            return out + err;
        }
    }

    @Test
    void aRelayThatCouldSendEndsWithZeroAndTheFirstLineSaysSo() throws Exception {
        try (ScriptedSmtpServer smtp = wellServer()) {
            Run run = doctor(settings(smtp), "--lang", "en");

            assertThat(run.exit).as(run.all()).isZero();
            assertThat(run.out.lines()).first().isEqualTo("✔ primary: mail can go out");
            assertThat(run.out).doesNotContain("\u001b");
            assertThat(run.err).isEmpty();
            assertThat(smtp.mailCount()).isZero();
        }
    }

    @Test
    void aWrongPasswordEndsWithOneAndIsShownInNoForm() throws Exception {
        try (ScriptedSmtpServer smtp = wellServer()) {
            smtp.on(Phase.AUTH).reply(535, "5.7.8 not " + Clinic.PASSWORD + " or " + Clinic.secrets());
            for (String format : List.of("text", "json")) {
                Run run = doctor(settings(smtp), "--format", format, "--lang", "ru");

                assertThat(run.exit).isEqualTo(1);
                for (String secret : Clinic.secrets()) {
                    assertThat(run.all()).doesNotContainIgnoringCase(secret);
                }
                assertThat(run.out).contains("Сервер не принял имя или пароль");
            }
        }
    }

    @Test
    void jsonHasEveryStepAndTheFinding() throws Exception {
        try (ScriptedSmtpServer smtp = wellServer()) {
            smtp.on(Phase.GREETING).reply(554, "5.7.1 listed");

            Run run = doctor(settings(smtp), "--format", "json", "--lang", "en");

            JsonNode json = new ObjectMapper().readTree(run.out);
            assertThat(run.exit).isEqualTo(1);
            assertThat(json.get("couldSend").booleanValue()).isFalse();
            assertThat(json.at("/relays/0/failure/id").textValue()).isEqualTo("greeting-refused");
            assertThat(json.at("/relays/0/failure/step").textValue()).isEqualTo("greeting");
            assertThat(json.at("/relays/0/steps/3/outcome").textValue()).isEqualTo("failed");
            assertThat(json.at("/relays/0/steps/3/millis").isNumber()).isTrue();
        }
    }

    @Test
    void aServerOfTheCommandLineIsLookedAtWithThePasswordFromTheEnvironment() throws Exception {
        try (ScriptedSmtpServer smtp = wellServer()) {
            Run run = doctor(
                    Map.of("MY_PASSWORD", Clinic.PASSWORD),
                    "--host=127.0.0.1",
                    "--port=" + smtp.port(),
                    "--user=" + Clinic.USER,
                    "--password-env=MY_PASSWORD",
                    "--from=no-reply@sender.test",
                    "--to=ann@example.com",
                    "--send-test",
                    "--lang=en");

            assertThat(run.exit).as(run.all()).isZero();
            assertThat(run.out).startsWith("✔ 127.0.0.1: mail can go out").doesNotContain(Clinic.PASSWORD);
            assertThat(smtp.mails()).singleElement().satisfies(mail -> assertThat(mail.user())
                    .isEqualTo(Clinic.USER));
        }
    }

    @Test
    void aFileOfSettingsIsReadAndOnlyTheNamedRelayLookedAt() throws Exception {
        try (ScriptedSmtpServer one = wellServer();
                ScriptedSmtpServer two = wellServer()) {
            Path file = folder.resolve("other.env");
            Files.writeString(
                    file,
                    "SMTP_HOST=127.0.0.1\nSMTP_PORT=" + one.port()
                            + "\nSMTP_FROM=no-reply@sender.test\nSMTP_2_HOST=127.0.0.1\n"
                            + "SMTP_2_PORT=" + two.port() + "\nSMTP_2_USER=" + Clinic.USER + "\nSMTP_2_PASS='  "
                            + Clinic.PASSWORD + " '\n");

            Run run = doctor(Map.of(), "secondary", "--env-file=" + file, "--lang=ru");

            assertThat(run.exit).as(run.all()).isZero();
            assertThat(run.out)
                    .startsWith("! secondary: письма могут уходить, но: В SMTP_2_PASS были пробелы")
                    .doesNotContain("primary");
            assertThat(one.connections()).isZero();
        }
    }

    @Test
    void aSettingThatMakesNoSenseIsOneSentenceAndExitCodeOne() throws Exception {
        Run run = doctor(Map.of("SMTP_HOST", "smtp.example.com:587", "SMTP_FROM", "no-reply@example.com"));

        assertThat(run.exit).isEqualTo(1);
        assertThat(run.out.lines()).singleElement().asString().contains("SMTP_HOST", "SMTP_PORT");
    }

    @Test
    void aNameThatNoRelayHasIsWrongUsage() throws Exception {
        Run run = doctor(Map.of("SMTP_HOST", "127.0.0.1", "SMTP_FROM", "a@example.com"), "fourth");

        assertThat(run.exit).as(run.all()).isEqualTo(2);
        assertThat(run.err).contains("There is no relay \"fourth\"; the settings have primary.");
        assertThat(run.out).isEmpty();
    }

    // Two made at the same moment in one process: Picocli was seen to write to System.err, not to the writer it was
    // given.
    @Execution(ExecutionMode.SAME_THREAD)
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --send-test                          | --send-test needs --to
            --format=xml                         | use text or json
            --lang=fr                            | use en or ru
            --port=25                            | go with --host
            --host=127.0.0.1 primary             | leave out --env-file and the names of relays
            --host=127.0.0.1 --user=bob --password-env=NOT_SET_ANYWHERE | NOT_SET_ANYWHERE with the password of --user is not set
            --host=127.0.0.1 --to=a@b.test --send-test | needs a sender
            --env-file=nowhere.env               | does not exist
            --to=nobody                          | is no e-mail address
            """)
    void wrongUsageEndsWithTwoAndSaysWhatIsRight(String arguments, String words) {
        StringWriter err = new StringWriter();

        int exit = new CommandLine(new DoctorCommand())
                .setErr(new PrintWriter(err, true))
                .execute(arguments.split(" ", -1));

        assertThat(exit).isEqualTo(2);
        assertThat(err.toString()).contains(words);
    }

    private static ScriptedSmtpServer wellServer() {
        return ScriptedSmtpServer.with().user(Clinic.USER, Clinic.PASSWORD).start();
    }

    private static Map<String, String> settings(ScriptedSmtpServer smtp) {
        return Map.of(
                "SMTP_HOST",
                smtp.host(),
                "SMTP_PORT",
                Integer.toString(smtp.port()),
                "SMTP_USER",
                Clinic.USER,
                "SMTP_PASS",
                Clinic.PASSWORD,
                "SMTP_FROM",
                "no-reply@sender.test");
    }

    private Run doctor(Map<String, String> environment, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "org.signupmailer.SignupMailApplication",
                "doctor"));
        command.addAll(List.of(arguments));
        try (FakeResolver resolver = FakeResolver.start()) {
            command.add("--dns=" + resolver.address());
            Path out = folder.resolve("out");
            Path err = folder.resolve("err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectInput(ProcessBuilder.Redirect.from(
                            Files.writeString(folder.resolve("in"), "").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            return new Run(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        }
    }
}
