package org.signupmailer.management;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** What operators read and do at the MBeans of relays and events. Alone, since all applications of a process have them. */
@Isolated
class ManagedRelayTest {

    private static final String OURS = "org.signupmailer:";

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    // Other applications of this JVM, which other tests have left running, have the same.
    private final Set<ObjectName> others = query("*");
    private final ScriptedSmtpServer first = ScriptedSmtpServer.start();
    private final ScriptedSmtpServer second = ScriptedSmtpServer.start();
    private final SignupMailer mailer = SignupMailer.start(first, second);

    @BeforeEach
    void untilTheyAreThere() {
        Awaitility.await("the MBeans")
                .pollInterval(Duration.ofMillis(20))
                .atMost(SignupMailer.PATIENCE)
                .until(() -> !ownNames("type=Events").isEmpty());
    }

    @AfterEach
    void stop() {
        mailer.close();
        first.close();
        second.close();
    }

    @Test
    void aRestByAnOperatorMovesMailToTheNextRelayAndWakingBringsItBack() throws Exception {
        ObjectName primary = named("type=Relay,name=primary");
        assertThat(server.getAttribute(primary, "State")).isEqualTo("takes mail");
        assertThat(server.getAttribute(primary, "LastAccepted")).isEqualTo("not since the start");

        assertThat(invoke(primary, "rest", 30)).matches("Relay primary rests until \\S+Z: an operator said so\\. .*");
        mailer.publish(TestEvents.verificationCode());
        second.awaitMails(1, SignupMailer.PATIENCE);
        assertThat(first.mailCount()).isZero();

        assertThat(invoke(primary, "wake")).isEqualTo("Relay primary takes mail.");
        mailer.publish(TestEvents.verificationCode());
        first.awaitMails(1, SignupMailer.PATIENCE);
        assertThat(second.mailCount()).isEqualTo(1);
        Awaitility.await("the mail in the ledger")
                .atMost(SignupMailer.PATIENCE)
                .until(() -> server.getAttribute(primary, "QuotaUsed").equals("1 in a day, 1 in a month"));
        Awaitility.await("the time of the last mail")
                .atMost(SignupMailer.PATIENCE)
                .until(() -> String.valueOf(server.getAttribute(primary, "LastAccepted"))
                        .endsWith("Z"));
    }

    @Test
    void aRestThatMakesNoSenseDoesNothing() throws Exception {
        ObjectName primary = named("type=Relay,name=primary");

        assertThat(invoke(primary, "rest", 0)).isEqualTo("Nothing was done: 0 minutes is outside 1 to 10080.");
        assertThat(invoke(primary, "rest", 10081)).startsWith("Nothing was done");
        assertThat(server.getAttribute(primary, "State")).isEqualTo("takes mail");
    }

    @Test
    void examiningARelaySaysWhatTheDoctorFound() throws Exception {
        assertThat(invoke(named("type=Relay,name=secondary"), "examine"))
                .contains("secondary", String.valueOf(second.port()))
                .doesNotContain("There is no relay");
    }

    @Test
    void theLastFailureIsToldInWordsOfOursWithNothingOfTheReplysText() throws Exception {
        ObjectName primary = named("type=Relay,name=primary");
        assertThat(server.getAttribute(primary, "LastFailure")).isEqualTo("none since the start");
        TestEvent event = TestEvents.verificationCode();
        first.on(Phase.MAIL)
                .reply(451, "4.3.2 Seen " + event.code() + " at https://shop.example/t?k=secret for bob@example.com");

        mailer.publish(event);
        second.awaitMails(1, SignupMailer.PATIENCE);

        assertThat(String.valueOf(server.getAttribute(primary, "LastFailure")))
                .matches("\\S+Z passing, at MAIL FROM \\(the sender\\): 451 4\\.3\\.2\\. The relay .*")
                .doesNotContain(String.valueOf(event.code()), "https:", "bob@", "Seen");
    }

    @Test
    void eventsAreCountedByTypeAndEndAndReadingIsToldInWords() throws Exception {
        ObjectName events = named("type=Events");
        mailer.publish(TestEvents.verificationCode());
        mailer.publishText("x", "no event");
        mailer.awaitCommitted(2);

        assertThat(server.getAttribute(events, "Ended"))
                .isEqualTo(Map.of("signup.verification-code accepted", 1L, "none dead", 1L));
        assertThat(server.getAttribute(events, "InFlight")).isEqualTo(0);
        assertThat(String.valueOf(server.getAttribute(events, "Reading"))).startsWith("reading ");
        Awaitility.await("the lag").atMost(SignupMailer.PATIENCE).until(() -> server.getAttribute(events, "Lag")
                .equals("0"));

        mailer.camel().getRouteController().suspendRoute("signup-events");
        assertThat(server.getAttribute(events, "Reading")).isEqualTo("paused: the route is suspended");
        mailer.camel().getRouteController().stopRoute("signup-events");
        assertThat(String.valueOf(server.getAttribute(events, "Reading"))).startsWith("stopped");
    }

    private ObjectName named(String keys) {
        Set<ObjectName> names = ownNames(keys);
        assertThat(names).hasSize(1);
        return names.iterator().next();
    }

    private Set<ObjectName> ownNames(String keys) {
        Set<ObjectName> names = query(keys + ",*");
        names.removeAll(others);
        return names;
    }

    private Set<ObjectName> query(String keys) {
        try {
            return new HashSet<>(server.queryNames(new ObjectName(OURS + keys), null));
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(keys, e);
        }
    }

    private String invoke(ObjectName name, String operation, Object... arguments) throws Exception {
        String[] types = new String[arguments.length];
        Arrays.fill(types, "int");
        return String.valueOf(server.invoke(name, operation, arguments, types));
    }
}
