package org.signupmailer.deadletter;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.signupmailer.testing.CommandLineRun;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** The way back of events that were not sent, with a broker, a relay and the application. */
class DeadLettersCommandTest {

    private static ScriptedSmtpServer smtp;
    private static SignupMailer mailer;

    @BeforeAll
    static void start() {
        smtp = ScriptedSmtpServer.start();
        mailer = SignupMailer.start(smtp);
    }

    @AfterAll
    static void stop() {
        mailer.close();
        smtp.close();
    }

    // Each test's events are for a domain of its own.
    private static TestEvent eventAt(String domain) {
        TestEvent event = TestEvents.verificationCode();
        return event.to("ann-" + event.id().substring(0, 8) + "@" + domain);
    }

    private static void awaitMailed(TestEvent... events) {
        Awaitility.await("mails")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .atMost(SignupMailer.PATIENCE)
                .until(() -> smtp.acceptedIds()
                        .containsAll(Arrays.stream(events).map(TestEvent::id).toList()));
    }

    private static CommandLineRun run(String... arguments) {
        return CommandLineRun.of(mailer, new DeadLettersCommand(), arguments);
    }

    private static TestEvent refused(TestEvent event) {
        smtp.on(Phase.RCPT)
                .forRecipient(event.email())
                .reply(550, "5.1.1 <" + event.email() + "> unknown here")
                .once();
        mailer.publish(event);
        // Of this one: another test's or this one's earlier event may become a dead letter meanwhile.
        Awaitility.await("the dead letter of " + event.id())
                .atMost(SignupMailer.PATIENCE)
                .until(() -> mailer.deadLetters().stream()
                        .anyMatch(letter -> event.id().equals(letter.id())));
        return event;
    }

    @Test
    void aListShowsReasonsAndMaskedAddressesAndNeverACode() throws Exception {
        TestEvent event = refused(TestEvents.verificationCode().to("ann.long@list.example"));
        TestEvent other = refused(eventAt("list.example"));

        CommandLineRun list = run("list", "--recipient", "@list.example");
        CommandLineRun whole = run("list", "--show-addresses", "--reason", "recipient-rejected", "--since", "1h");
        CommandLineRun json = run("list", "--format", "json", "--id", event.id());

        assertThat(list.exitCode()).isZero();
        assertThat(list.err()).isEmpty();
        assertThat(list.out())
                .contains("recipient-rejected  signup.verification-code  a***@list.example")
                .contains("dead      " + event.id())
                .contains("dead      " + other.id())
                .contains("2 dead letters: 2 recipient-rejected.")
                .doesNotContain("ann.long", String.valueOf(event.code()));
        assertThat(whole.out()).contains("ann.long@list.example");
        JsonNode row = new JsonMapper().readTree(json.out());
        assertThat(row.path("id").textValue()).isEqualTo(event.id());
        assertThat(row.path("now").textValue()).isEqualTo("dead");
        assertThat(json.out()).contains("<a***@list.example> unknown here").doesNotContain("ann.long");
    }

    @Test
    void showTellsTheStoryWithTheCode() {
        TestEvent event =
                refused(TestEvents.verificationCode().name("Ann\u001b[2J").expiresIn(Duration.ofMinutes(10)));

        CommandLineRun show = run("show", event.id());

        assertThat(show.exitCode()).isZero();
        assertThat(show.out())
                .startsWith("signup.verification-code " + event.id() + " for " + event.email())
                .contains("It was not sent: a relay says that the address does not exist (recipient-rejected, ")
                .contains("Code         " + event.code())
                .contains("Name         Ann?[2J")
                .contains("UTC, in 9 min")
                .contains("primary (127.0.0.1:" + smtp.port() + ") after ")
                .contains("recipient failure at RCPT, 550 5.1.1 <" + event.email() + "> unknown here")
                .contains("To send it: dead-letters replay --id " + event.id());
        assertThat(run("show", "nothing").exitCode()).isEqualTo(1);
        assertThat(run("show", "nothing").err())
                .startsWith(
                        "No dead letter in " + mailer.topic() + ".dead-letter is of an event with the id \"nothing\"");
    }

    @Test
    void aReplayedEventIsMailedOnceHoweverOftenItIsReplayed() {
        TestEvent event = refused(eventAt("once.example"));
        long published = mailer.kafka().records(mailer.topic()).size();

        CommandLineRun dry = run("replay", "--dry-run", "--recipient", "@once.example");
        assertThat(dry.out()).contains("1 event to be put back onto " + mailer.topic() + ": 1 recipient-rejected.");
        assertThat(mailer.kafka().records(mailer.topic())).hasSize((int) published);

        CommandLineRun first = run("replay", "--id", event.id());
        assertThat(first.exitCode()).isZero();
        assertThat(first.err()).contains("1 of 1 put back (100 %)");
        awaitMailed(event);
        mailer.awaitCommitted(published + 1);

        CommandLineRun second = run("replay", "--again", "--recipient", "@once.example");
        assertThat(second.out())
                .contains("1 not put back, accepted by a relay since: the same id is mailed once.")
                .contains("Nothing is left to be put back.");
        assertThat(run("list", "--id", event.id()).out())
                .contains("accepted  " + event.id(), "A relay has accepted 1 since.");
        assertThat(run("show", event.id()).out()).contains("Now: a relay has accepted it since.");
        assertThat(smtp.acceptedIds()).containsOnlyOnce(event.id());
    }

    @Test
    void whatMustNotOrCannotBeMailedIsNotPutBackAndItIsSaidWhy() {
        TestEvent expired =
                mailer.publish(eventAt("must.example").expiresAt(Instant.now().minusSeconds(60)));
        mailer.publishText("x", "{\"id\":\"bad\",\"data\":{\"email\":\"ann@must.example\"}}");
        TestEvent old = refused(TestEvents.verificationCode().to("ann@must.example"));
        TestEvent newer = mailer.publish(TestEvents.verificationCode().to("ann@must.example"));
        awaitMailed(newer);
        Awaitility.await("dead letters of " + expired)
                .atMost(SignupMailer.PATIENCE)
                .until(() -> mailer.deadLetters().stream()
                                .filter(letter ->
                                        String.valueOf(letter.recipient()).endsWith("@must.example"))
                                .count()
                        == 3);

        CommandLineRun replay = run("replay", "--recipient", "@must.example");
        CommandLineRun superseded = run("replay", "--superseded", "--recipient", "@must.example");
        awaitMailed(old);

        assertThat(replay.exitCode()).isZero();
        assertThat(replay.out())
                .startsWith("3 events match.")
                .contains("1 not put back, expired: a dead code is never mailed; let the user ask for a new one.")
                .contains("1 not put back, not a valid event: it would be a dead letter again at once;")
                .contains(
                        "1 not put back, superseded: a newer one of the same type for the same person was published;");
        assertThat(superseded.out()).contains("1 event to be put back");
        assertThat(smtp.acceptedIds()).containsSubsequence(newer.id(), old.id()).doesNotContain(expired.id());
    }

    @Test
    void whatWasPutBackAndHasNoEndYetIsNotPutBackAgain() {
        TestEvent event = refused(eventAt("way.example"));
        mailer.stop();
        CommandLineRun first = run("replay", "--id", event.id());
        CommandLineRun second = run("replay", "--id", event.id());
        mailer.startAgain();
        awaitMailed(event);

        assertThat(first.out()).contains("Done.");
        assertThat(second.out()).contains("1 not put back, put back before and still on the way");
        assertThat(smtp.acceptedIds()).containsOnlyOnce(event.id());
    }

    @Test
    void whatDiesAgainMayBePutBackAgain() {
        TestEvent event = refused(eventAt("again.example"));
        smtp.on(Phase.RCPT)
                .forRecipient(event.email())
                .reply(550, "5.1.1 still unknown")
                .once();
        int before = mailer.deadLetters().size();

        run("replay", "--id", event.id());
        mailer.awaitDeadLetters(before + 1);
        CommandLineRun show = run("show", event.id());
        CommandLineRun second = run("replay", "--id", event.id());
        awaitMailed(event);

        assertThat(show.out()).contains("It had died before, ", "550 5.1.1 still unknown");
        assertThat(second.out()).contains("1 event to be put back");
    }

    @Test
    void manyArePutBackOnlyWhenSomebodySaysSo() {
        TestEvent[] events =
                Stream.generate(() -> eventAt("many.example")).limit(100).toArray(TestEvent[]::new);
        smtp.on(Phase.RCPT)
                .when(step -> step.command().contains("@many.example"))
                .reply(550, "5.1.1 unknown here")
                .times(100);
        int before = mailer.deadLetters().size();
        Arrays.stream(events).forEach(mailer::publish);
        mailer.awaitDeadLetters(before + 100);

        CommandLineRun unasked = run("replay", "--recipient", "@many.example");
        CommandLineRun replay = run("replay", "--yes", "--recipient", "@many.example", "--since", "10m");
        awaitMailed(events);

        assertThat(unasked.exitCode()).isEqualTo(2);
        assertThat(unasked.err()).startsWith("There is nobody to ask whether 100 events shall be put back; add --yes");
        assertThat(replay.exitCode()).isZero();
        assertThat(replay.out()).contains("100 events to be put back onto ");
        assertThat(replay.err()).contains("100 of 100 put back (100 %)");
        assertThat(smtp.acceptedIds()).doesNotHaveDuplicates();
    }

    @Test
    void aWordThatIsNoReasonAndATimeThatIsNoneAreWrongUsage() {
        CommandLineRun reason = run("list", "--reason", "exhausted");
        CommandLineRun time = run("replay", "--since", "yesterday");

        assertThat(reason.exitCode()).isEqualTo(2);
        assertThat(reason.err())
                .startsWith("\"exhausted\" is no reason of a dead letter; use invalid-event, expired, superseded, ");
        assertThat(time.exitCode()).isEqualTo(2);
        assertThat(time.err()).startsWith("since is \"yesterday\", which is no time; write how long ago, such as 30m,");
    }
}
