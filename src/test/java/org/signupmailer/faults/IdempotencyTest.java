package org.signupmailer.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.testing.DeadLetterLine;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.guarantee.Mailed;
import org.signupmailer.testing.guarantee.NoMailTwice;
import org.signupmailer.testing.guarantee.Outcome;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

@Execution(ExecutionMode.CONCURRENT)
class IdempotencyTest {

    @Test
    void anIdIsMailedOnceHoweverOftenAndWhereverItIsRead() {
        try (ScriptedSmtpServer relay = ScriptedSmtpServer.start();
                Trial trial = Trial.of(UnaryOperator.identity(), relay)) {
            List<TestEvent> events = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                TestEvent event = TestEvents.verificationCode();
                // Twice at once: the second is read while the first is on its way.
                trial.publish(event);
                trial.publish(event);
                events.add(event);
            }
            trial.awaitEnds();
            trial.mailer().awaitCommitted(40);
            trial.mailer().stop();
            events.forEach(trial::publish);
            trial.mailer().startAgain();
            trial.mailer().awaitCommitted(60);
            try (SignupMailer another = trial.mailer().another()) {
                another.awaitReading();
                trial.mailer().stop();
                events.forEach(trial::publish);
                another.awaitCommitted(80);
                Outcome outcome = trial.conclude(
                        "6",
                        "an id published four times",
                        "twice at once, after a restart, for another instance",
                        new NoMailTwice(),
                        "");
                assertThat(outcome.mails()).hasSize(20);
            }
        }
    }

    @Test
    void ofFiveCodesAskedForDuringAnOutageTheNewestIsMailed() {
        try (ScriptedSmtpServer first = ScriptedSmtpServer.start();
                ScriptedSmtpServer second = ScriptedSmtpServer.start();
                Trial trial = Trial.of(UnaryOperator.identity(), first, second)) {
            close(trial, first, second);
            List<TestEvent> codes = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                Duration life = i == 1 ? Duration.ofMillis(500) : Duration.ofMinutes(10);
                codes.add(trial.publish(
                        TestEvents.verificationCode().to("ann@example.com").expiresIn(life)));
            }
            Trial.pass(Duration.ofSeconds(1));
            assertThat(trial.mailer().deadLetters()).isEmpty();
            first.startAgain();
            second.startAgain();
            Outcome outcome = trial.conclude(
                    "4",
                    "five codes for one person during an outage",
                    "both relays refuse connections; the second code expires meanwhile",
                    new NoMailTwice(),
                    "");
            assertThat(outcome.mails())
                    .extracting(Mailed::id)
                    .containsOnlyOnce(codes.get(4).id())
                    .doesNotContainAnyElementsOf(
                            codes.subList(0, 4).stream().map(TestEvent::id).toList());
            assertThat(outcome.deadLetters())
                    .extracting(DeadLetterLine::reason)
                    .containsExactlyInAnyOrder("superseded", "expired", "superseded", "superseded");
        }
    }

    @Test
    void withNoRelayThereEventsWaitWithoutAnAttemptAndAreMailedSoonAfterRecovery() {
        try (ScriptedSmtpServer first = ScriptedSmtpServer.start();
                ScriptedSmtpServer second = ScriptedSmtpServer.start();
                Trial trial = Trial.of(UnaryOperator.identity(), first, second)) {
            close(trial, first, second);
            double attempts = trial.mailer().counter("signup.mailer.attempts");
            List<TestEvent> events = trial.load(100, Duration.ofSeconds(5));
            assertThat(trial.mailer().counter("signup.mailer.attempts")).isEqualTo(attempts);
            assertThat(trial.mailer().deadLetters()).isEmpty();
            first.startAgain();
            second.startAgain();
            long recovered = System.nanoTime();
            Awaitility.await("all mailed within 30 s")
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> first.mailCount() + second.mailCount() >= 40 + events.size());
            Outcome outcome = trial.conclude(
                    "4",
                    "all relays down",
                    "both refuse connections, 100 events arrive, all mailed "
                            + Duration.ofNanos(System.nanoTime() - recovered).toMillis() + " ms after recovery",
                    new NoMailTwice(),
                    "");
            assertThat(outcome.deadLetters()).isEmpty();
        }
    }

    /** Both refuse connections, and the application knows. */
    private static void close(Trial trial, ScriptedSmtpServer first, ScriptedSmtpServer second) {
        first.stop();
        second.stop();
        trial.load(40, Duration.ofMillis(500));
        Awaitility.await("both relays are left alone")
                .atMost(Trial.PATIENCE)
                .until(() -> trial.leavesAlone("primary", "secondary"));
        // What was on its way may still be failing.
        Trial.pass(Duration.ofSeconds(1));
    }
}
