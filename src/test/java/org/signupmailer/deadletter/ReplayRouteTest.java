package org.signupmailer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.apache.camel.ServiceStatus;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** What an operator does in Hawtio: looks at the dead letters, and starts the replay. */
class ReplayRouteTest {

    private static final String ROUTE = "replay-dead-letters";

    @Test
    void theBeanCountsDeadLettersAndReplaysThoseThatAreAskedForByTheRoute() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.start(smtp)) {
            smtp.on(Phase.RCPT).reply(550, "5.1.1 unknown here").times(2);
            TestEvent ann = mailer.publish(TestEvents.verificationCode().to("ann@example.com"));
            TestEvent bob = mailer.publish(TestEvents.verificationCode().to("bob@example.org"));
            mailer.publishText("x", "no event");
            mailer.awaitDeadLetters(3);
            DeadLettersBean bean =
                    mailer.camel().getRegistry().lookupByNameAndType("deadLettersBean", DeadLettersBean.class);

            assertThat(bean.getProgress()).isEqualTo("No replay has run in this process.");
            assertThat(bean.stop()).isEqualTo("No replay runs in this process.");
            assertThat(bean.replay("nonsense", "", "", "", "")).startsWith("\"nonsense\" is no reason");
            await("counts").until(() -> bean.getCounts().equals(Map.of("invalid-event", 1L, "recipient-rejected", 2L)));
            assertThat(bean.dryRun("", "", "", "", "@example.com")).contains("1 event to be put back");

            // The route as it is shipped replays what no relay took, which nothing here is.
            mailer.camel().getRouteController().startRoute(ROUTE);
            await("nothing to do").until(() -> bean.getProgress().equals("Ended: No dead letter matches."));
            awaitStopped(mailer);

            assertThat(bean.replay("recipient-rejected", "1h", "", "", "@example.com"))
                    .isEqualTo("The replay has begun; Progress says how far it is.");
            smtp.awaitMailCount(1, SignupMailer.PATIENCE);
            await("done").until(() -> bean.getProgress().startsWith("Done: 1 of 1 put back (100 %)"));
            awaitStopped(mailer);

            assertThat(bean.replay("", "", "", "", "")).startsWith("The replay has begun");
            smtp.awaitMailCount(2, SignupMailer.PATIENCE);
            awaitStopped(mailer);
            assertThat(smtp.acceptedIds()).containsExactly(ann.id(), bob.id());
        }
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).pollInterval(Duration.ofMillis(20)).atMost(SignupMailer.PATIENCE);
    }

    private static void awaitStopped(SignupMailer mailer) {
        await("the route has stopped by itself")
                .until(() -> mailer.camel().getRouteController().getRouteStatus(ROUTE) == ServiceStatus.Stopped);
    }
}
