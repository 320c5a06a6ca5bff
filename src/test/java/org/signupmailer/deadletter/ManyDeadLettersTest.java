package org.signupmailer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.signupmailer.testing.CommandLineRun;
import org.signupmailer.testing.MailerProcess;
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
    private static final String BEGUN = "to be put back onto";

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
    void aReplayThatIsStoppedAndOneThatIsKilledArePickedUpByTheNextAndNothingIsMailedTwice() {
        try (MailerProcess stopped = replay()) {
            stopped.awaitPrinted(BEGUN);
            stopped.terminate(SignupMailer.PATIENCE);
            assertThat(PUT_BACK.matcher(stopped.printed()).results()).isNotEmpty();
        }
        try (MailerProcess killed = replay()) {
            Awaitility.await("the second has begun or has nothing to do")
                    .atMost(LONG)
                    .until(() -> !killed.isAlive() || killed.printed().contains(BEGUN));
            killed.kill();
        }

        CommandLineRun third = CommandLineRun.of(mailer, new DeadLettersCommand(), "replay", "--yes");

        assertThat(third.exitCode()).isZero();
        allAreAcceptedOnce();
    }

    private MailerProcess replay() {
        return MailerProcess.start(mailer, "dead-letters", "replay", "--yes");
    }
}
