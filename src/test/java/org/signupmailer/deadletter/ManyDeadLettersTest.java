package org.signupmailer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.signupmailer.SignupMailApplication;
import org.signupmailer.testing.CommandLineRun;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** An outage's worth of dead letters gets back: all accepted, each once, also when the replay itself is killed. */
@Tag("heavy")
class ManyDeadLettersTest {

    private static final int MANY = 10_000;
    private static final Duration LONG = Duration.ofMinutes(4);
    private static final Pattern PUT_BACK = Pattern.compile("(\\d+) of " + MANY + " put back");

    private ScriptedSmtpServer smtp;
    private SignupMailer mailer;
    private List<String> ids;

    @BeforeEach
    void anOutage() {
        smtp = ScriptedSmtpServer.start();
        smtp.on(Phase.RCPT).reply(550, "5.1.1 unknown here").times(MANY);
        mailer = SignupMailer.start(smtp);
        ids = IntStream.range(0, MANY)
                .mapToObj(i -> mailer.publish(TestEvents.verificationCode()).id())
                .toList();
        Awaitility.await("all are dead").atMost(LONG).until(() -> mailer.committed() >= MANY);
    }

    @AfterEach
    void stop() {
        mailer.close();
        smtp.close();
    }

    private void allAreAcceptedOnce() {
        smtp.awaitMailCount(MANY, LONG);
        CommandLineRun again = CommandLineRun.of(mailer, new DeadLettersCommand(), "replay", "--again", "--dry-run");
        assertThat(again.out())
                .contains(MANY + " not put back, accepted by a relay since")
                .contains("Nothing is left to be put back.");
        assertThat(smtp.acceptedIds()).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(ids);
    }

    @Test
    void tenThousandArePutBackWithProgressAndAllAreAcceptedOnce() {
        CommandLineRun replay = CommandLineRun.of(mailer, new DeadLettersCommand(), "replay", "--yes");

        assertThat(replay.exitCode()).isZero();
        assertThat(replay.out()).contains(MANY + " events to be put back onto " + mailer.topic());
        assertThat(replay.err()).contains(MANY + " of " + MANY + " put back (100 %)");
        allAreAcceptedOnce();
    }

    @Test
    void aReplayThatIsStoppedAndOneThatIsKilledArePickedUpByTheNextAndNothingIsMailedTwice() throws Exception {
        Path first = mailer.deadLetterFile().resolveSibling("first.txt");
        Process stopped = replay(first);
        awaitBegun(first);
        stopped.destroy();
        assertThat(stopped.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(PUT_BACK.matcher(Files.readString(first)).results()).isNotEmpty();

        Path second = mailer.deadLetterFile().resolveSibling("second.txt");
        Process killed = replay(second);
        Awaitility.await("the second has begun or has nothing to do")
                .atMost(LONG)
                .until(() -> !killed.isAlive() || Files.readString(second).contains("to be put back onto"));
        killed.destroyForcibly().waitFor();

        CommandLineRun third = CommandLineRun.of(mailer, new DeadLettersCommand(), "replay", "--yes");

        assertThat(third.exitCode()).isZero();
        allAreAcceptedOnce();
    }

    private static void awaitBegun(Path output) {
        Awaitility.await("the replay puts back")
                .pollInterval(Duration.ofMillis(5))
                .atMost(LONG)
                .until(() -> Files.readString(output).contains("to be put back onto"));
    }

    private Process replay(Path output) throws IOException {
        String classPath = Optional.ofNullable(System.getProperty("surefire.test.class.path"))
                .orElseGet(() -> System.getProperty("java.class.path", ""));
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                classPath,
                SignupMailApplication.class.getName(),
                "dead-letters",
                "replay",
                "--yes"));
        builder.environment().clear();
        builder.environment().putAll(mailer.settings());
        builder.environment().put("SPRING_CONFIG_LOCATION", "classpath:/application.yaml");
        builder.environment()
                .put("MAILER_ENV_FILE", output.resolveSibling("no.env").toString());
        Files.writeString(output, "", StandardCharsets.UTF_8);
        return builder.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }
}
