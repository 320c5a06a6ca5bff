package org.signupmailer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.signupmailer.testing.MailerProcess;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.guarantee.NoMailTwice;
import org.signupmailer.testing.guarantee.Outcome;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** Faults that take minutes, with the time-outs as they are shipped: {@code mvn test -Pheavy}. */
@Tag("heavy")
class LongFaultsTest {

    @Test
    void of20000EventsNoneIsMissingAfterAKillAtFortyPercent() {
        int events = 20_000;
        try (ScriptedSmtpServer relay =
                        ScriptedSmtpServer.with().keepMails(false).start();
                Trial trial = Trial.of(UnaryOperator.identity(), relay)) {
            trial.mailer().stop();
            trial.load(events, Duration.ZERO);
            int onTheWire;
            try (MailerProcess process = MailerProcess.start(trial.mailer())) {
                relay.awaitMailCount(events * 2 / 5, Duration.ofMinutes(5));
                onTheWire = relay.openConnections();
                process.kill();
            }
            try (MailerProcess process = MailerProcess.start(trial.mailer())) {
                relay.awaitMailCount(events, Duration.ofMinutes(5));
                Outcome outcome = trial.conclude(
                        "7",
                        "kill -9 at 40 % of 20,000 events",
                        "killed once, started again",
                        NoMailTwice.but(onTheWire, "what was on the wire when the process was killed"),
                        "at most " + onTheWire + " mails twice: the connections in use at the kill");
                assertThat(outcome.deadLetters()).isEmpty();
                process.terminate(Duration.ofSeconds(30));
            }
        }
    }

    @Test
    void afterThreeMinutesWithoutAnyRelayAllIsMailedWithinHalfAMinute() {
        try (ScriptedSmtpServer first = ScriptedSmtpServer.start();
                ScriptedSmtpServer second = ScriptedSmtpServer.start();
                Trial trial = Trial.of(UnaryOperator.identity(), first, second)) {
            first.stop();
            second.stop();
            List<TestEvent> events = trial.load(1_000, Duration.ofMinutes(3));
            assertThat(trial.mailer().deadLetters()).isEmpty();
            first.startAgain();
            second.startAgain();
            long recovered = System.nanoTime();
            Awaitility.await("all mailed")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> first.mailCount() + second.mailCount() >= events.size());
            long millis = Duration.ofNanos(System.nanoTime() - recovered).toMillis();
            Outcome outcome = trial.conclude(
                    "7",
                    "all relays down for 3 minutes",
                    "both refuse connections, events arrive, all mailed " + millis + " ms after recovery",
                    new NoMailTwice(),
                    "");
            assertThat(outcome.deadLetters()).isEmpty();
        }
    }

    @Test
    void aRelayThatComesBackAfterTwoMinutesCarriesTheTrafficAgainWithinOne() {
        try (ScriptedSmtpServer first = ScriptedSmtpServer.start();
                ScriptedSmtpServer second = ScriptedSmtpServer.start();
                Trial trial = Trial.of(UnaryOperator.identity(), first, second)) {
            first.on(Phase.CONNECT).staySilent();
            List<TestEvent> early = trial.load(2_000, Duration.ofMinutes(2));
            Outcome meanwhile = trial.awaitEnds();
            assertThat(Trial.takenBy("relay 2", early, meanwhile)).isEqualTo(early.size());
            long slow = trial.slowerThan(Duration.ofSeconds(15), meanwhile);
            assertThat(slow).isLessThanOrEqualTo(early.size() / 100);
            first.reset();
            RelayFaultsTest.awaitReturn(trial, first, Duration.ofMinutes(1));
            List<TestEvent> late = trial.load(200, Duration.ofSeconds(10));
            Outcome outcome = trial.conclude(
                    "7",
                    "comes back after two minutes",
                    "silent for 2,000 events, " + slow + " of which took longer than 15 s",
                    new NoMailTwice(),
                    "");
            assertThat(Trial.takenBy("relay 1", late, outcome)).isEqualTo(late.size());
        }
    }
}
