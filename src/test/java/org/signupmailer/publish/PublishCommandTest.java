package org.signupmailer.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.signupmailer.testing.CommandLineRun;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** Somebody tries it out by hand, with a broker, a relay and the application. */
class PublishCommandTest {

    private static final String CODE = "signup.verification-code";

    @TempDir
    Path folder;

    @Test
    void anEventByHandIsMailedAndItsEndIsTold() throws Exception {
        Path data = Files.writeString(folder.resolve("data.json"), "{\"code\":\"111\",\"name\":\"Ann\"}");
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.start(smtp)) {
            CommandLineRun missing = run(mailer, CODE, "--to", "Ann <ann@example.com>");
            CommandLineRun unknown = run(mailer, "signup.code", "--to", "ann@example.com");
            CommandLineRun never = run(mailer, CODE, "--to", "ann@example.com", "--code", "1", "--expires-in", "soon");
            CommandLineRun accepted = run(
                    mailer,
                    CODE,
                    "--to",
                    "Ann@Example.com",
                    "--code",
                    "222",
                    "--data",
                    data.toString(),
                    "--id",
                    "by-hand",
                    "--expires-in",
                    "10m",
                    "--wait");
            CommandLineRun twice =
                    run(mailer, CODE, "--to", "ann@example.com", "--code", "3", "--id", "by-hand", "--wait");
            smtp.on(Phase.RCPT).reply(550, "5.1.1 unknown here").once();
            CommandLineRun refused = run(mailer, CODE, "--to", "bob@example.com", "--code", "4", "--wait");
            mailer.stop();
            CommandLineRun nobody =
                    run(mailer, CODE, "--to", "eve@example.com", "--code", "5", "--wait", "--timeout", "1s");

            assertThat(missing.exitCode()).isEqualTo(1);
            assertThat(missing.err())
                    .startsWith("Not published, since it would be a dead letter:")
                    .contains("  /data/code  code is missing", "  /data/email  email must be one plain address")
                    .doesNotContain("ann@example.com>");
            assertThat(unknown.exitCode()).isEqualTo(2);
            assertThat(unknown.err())
                    .startsWith("\"signup.code\" is no type of event; use one of signup.verification-");
            assertThat(never.exitCode()).isEqualTo(2);
            assertThat(accepted.exitCode()).isZero();
            assertThat(accepted.out())
                    .startsWith("Published " + CODE + " by-hand to " + mailer.topic() + "-")
                    .contains("Accepted by primary (1 attempt).");
            assertThat(twice.exitCode()).isZero();
            assertThat(twice.out()).contains("A relay has accepted this id before, so it will not be mailed again.");
            assertThat(refused.exitCode()).isEqualTo(1);
            assertThat(refused.out()).contains("It is a dead letter: recipient-rejected (1 attempt)");
            assertThat(nobody.exitCode()).isEqualTo(1);
            assertThat(nobody.err()).startsWith("No end within 1 s: ");
            assertThat(smtp.acceptedIds()).containsExactly("by-hand");
            assertThat(mailer.kafka().records(mailer.topic()))
                    .filteredOn(record -> record.value().contains("by-hand"))
                    .allSatisfy(record -> assertThat(record.key()).isEqualTo("ann@example.com"))
                    .anySatisfy(record -> assertThat(record.value()).contains("\"code\":\"222\"", "\"name\":\"Ann\""));
        }
    }

    private static CommandLineRun run(SignupMailer mailer, String... arguments) {
        return CommandLineRun.of(mailer, new PublishCommand(), arguments);
    }
}
