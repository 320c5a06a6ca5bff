package org.signupmailer.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.guarantee.EveryEventHasAnEnd;
import org.signupmailer.testing.guarantee.NoEventEndsTwice;
import org.signupmailer.testing.guarantee.NoMailTwice;
import org.signupmailer.testing.guarantee.Scenario;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** What an operator does to the routes while mail flows. */
@Execution(ExecutionMode.CONCURRENT)
class OperatorTest {

    private final ScriptedSmtpServer first = ScriptedSmtpServer.start();
    private final ScriptedSmtpServer second = ScriptedSmtpServer.start();

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    @Test
    void stoppingARelaysRouteMovesItsMailToTheNextAndStartingItBringsItBack() throws Exception {
        try (SignupMailer mailer = SignupMailer.start(first, second)) {
            Scenario scenario = Scenario.with(mailer, first, second);
            TestEvent before = scenario.publish(TestEvents.verificationCode());
            Mails.await(first, before);

            for (int i = 0; i < 100; i++) {
                scenario.publish(TestEvents.verificationCode());
            }
            mailer.camel().getRouteController().stopRoute("relay-primary");
            for (int i = 0; i < 100; i++) {
                scenario.publish(TestEvents.verificationCode());
            }
            TestEvent meanwhile = scenario.publish(TestEvents.verificationCode());
            Mails.await(second, meanwhile);
            assertThat(mailer.counter("signup.mailer.failovers")).isZero();

            mailer.camel().getRouteController().startRoute("relay-primary");
            TestEvent after = scenario.publish(TestEvents.verificationCode());
            Mails.await(first, after);

            scenario.awaitEnds().upholds(new EveryEventHasAnEnd(), new NoMailTwice(), new NoEventEndsTwice());
            assertThat(mailer.deadLetters()).isEmpty();
        }
    }

    @Test
    void suspendingTheIntakeHoldsMailBackAndResumingSendsIt() throws Exception {
        try (SignupMailer mailer = SignupMailer.start(first)) {
            Scenario scenario = Scenario.with(mailer, first);
            Mails.await(first, scenario.publish(TestEvents.verificationCode()));

            mailer.camel().getRouteController().suspendRoute("signup-events");
            for (int i = 0; i < 20; i++) {
                scenario.publish(TestEvents.verificationCode());
            }
            Awaitility.await("nothing is mailed")
                    .pollDelay(Duration.ZERO)
                    .during(Duration.ofSeconds(1))
                    .atMost(SignupMailer.PATIENCE)
                    .until(() -> first.mailCount() == 1);
            mailer.awaitReading();

            mailer.camel().getRouteController().resumeRoute("signup-events");

            scenario.awaitEnds().upholds(new EveryEventHasAnEnd(), new NoMailTwice(), new NoEventEndsTwice());
            assertThat(first.mailCount()).isEqualTo(21);
        }
    }
}
