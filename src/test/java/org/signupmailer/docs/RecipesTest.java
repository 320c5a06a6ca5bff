package org.signupmailer.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ReceivedMail;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** Each recipe of routes/README.md, done as it stands there on a running system, does what it says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecipesTest {

    private static final Markdown PAGE = Markdown.read("routes/README.md");
    private static final Pattern ROUTE = Pattern.compile("(?ms)^- route:\\n    id: (\\S+)$.*?(?=^- |\\z)");

    private final ScriptedSmtpServer first = ScriptedSmtpServer.start();
    private final ScriptedSmtpServer second = ScriptedSmtpServer.start();
    private final ScriptedSmtpServer extra = ScriptedSmtpServer.start();

    private Path routes;
    private SignupMailer mailer;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        routes = folder;
        write("relays", shipped("relays"));
        write("intake", shipped("intake"));
        write("dead-letter", shipped("dead-letter"));
        var setup = SignupMailer.with().relay(first).relay(second).with("MAILER_ROUTES_DIR", folder.toString());
        for (String name : List.of("BACKUP", "BULK")) {
            setup.with("MAILER_RELAYS_" + name + "_HOST", extra.host())
                    .with("MAILER_RELAYS_" + name + "_PORT", Integer.toString(extra.port()))
                    .with("MAILER_RELAYS_" + name + "_TLS", "none")
                    .with("MAILER_RELAYS_" + name + "_FROM", "no-reply@shop.example");
        }
        mailer = setup.start();
        mailer.awaitReading();
    }

    @AfterAll
    void stop() {
        mailer.close();
        Stream.of(first, second, extra).forEach(ScriptedSmtpServer::close);
    }

    @BeforeEach
    void asShipped() throws IOException {
        edit(shipped("intake"), shipped("relays"));
        Stream.of(first, second, extra).forEach(ScriptedSmtpServer::reset);
        Stream.of(first, second, extra).forEach(ScriptedSmtpServer::forgetMails);
    }

    @Test
    void askTheRelaysInAnotherOrder() throws IOException {
        edit(withFirstStep(recipe("uri: relay:secondary", "- to:")), withRoutes(recipe("Asked first", "- route:")));

        assertThat(taken(second, TestEvents.verificationCode())).isTrue();
        second.on(Phase.MAIL).reply(451, "4.3.0 try later").once();
        assertThat(taken(first, TestEvents.verificationCode())).isTrue();
    }

    @Test
    void takeARelayOut() throws IOException {
        edit(shipped("intake"), withRoutes(recipe("autoStartup: false", "- route:")));
        first.on(Phase.MAIL).reply(451, "4.3.0 try later").once();

        TestEvent event = mailer.publish(TestEvents.verificationCode());

        // It waits for the next try, as the only relay behind the first is out.
        Awaitility.await()
                .atMost(SignupMailer.PATIENCE)
                .until(() -> mailer.counter("signup.mailer.attempts", "relay", "primary", "class", "passing") > 0);
        assertThat(second.mailCount()).as(event.id()).isZero();
    }

    @Test
    void addARelay() throws IOException {
        String relays = withRoutes(recipe("id: relay-backup", "- route:"))
                .replaceFirst("(?s)(uri: relay:tertiary.*?next: )direct:no-relay-took-it", "$1relay:backup");
        edit(shipped("intake"), relays);
        first.on(Phase.MAIL).reply(451, "4.3.0 try later").once();
        second.on(Phase.MAIL).reply(451, "4.3.0 try later").once();

        assertThat(taken(extra, TestEvents.verificationCode())).isTrue();
    }

    @Test
    void sendInvitationsOverAnotherRelay() throws IOException {
        edit(withFirstStep(recipe("id: is-invitation", "- choice:")), withRoutes(recipe("id: relay-bulk", "- route:")));

        assertThat(taken(extra, TestEvents.invitation())).isTrue();
        assertThat(taken(first, TestEvents.verificationCode())).isTrue();
    }

    @Test
    void slowARelayDown() throws IOException {
        edit(shipped("intake"), withRoutes(recipe("id: slow-primary", "- route:")));

        for (int i = 0; i < 6; i++) {
            mailer.publish(TestEvents.verificationCode());
        }

        Awaitility.await().atMost(SignupMailer.PATIENCE).until(() -> first.mailCount() + second.mailCount() == 6);
        assertThat(first.mailCount()).isEqualTo(2);
    }

    @Test
    void stopARelayWhileItRuns() throws Exception {
        ObjectName route = ManagementFactory.getPlatformMBeanServer()
                .queryNames(
                        new ObjectName("org.apache.camel:context="
                                + mailer.camel().getManagementName() + ",type=routes,name=\"relay-primary\""),
                        null)
                .iterator()
                .next();
        ManagementFactory.getPlatformMBeanServer().invoke(route, "stop", null, null);
        try {
            assertThat(taken(second, TestEvents.verificationCode())).isTrue();
            edit(shipped("intake"), shipped("relays").replace("The first relay", "The stopped relay"));
            assertThat(taken(second, TestEvents.verificationCode())).isTrue();
        } finally {
            mailer.camel().getRouteController().startRoute("relay-primary");
        }
        assertThat(taken(first, TestEvents.verificationCode())).isTrue();
    }

    private boolean taken(ScriptedSmtpServer relay, TestEvent event) {
        mailer.publish(event);
        Awaitility.await(event.id())
                .pollInterval(Duration.ofMillis(20))
                .atMost(SignupMailer.PATIENCE)
                .until(() -> Stream.of(first, second, extra).anyMatch(server -> has(server, event)));
        return has(relay, event);
    }

    private static boolean has(ScriptedSmtpServer server, TestEvent event) {
        return server.mails().stream().map(ReceivedMail::eventId).anyMatch(event.id()::equals);
    }

    private static String recipe(String holds, String begins) {
        return PAGE.blocks("yaml").stream()
                .filter(block -> block.contains(holds) && block.stripLeading().startsWith(begins))
                .findFirst()
                .orElseThrow();
    }

    /** The shipped relays with the recipe's routes, in place of those with the same id or behind them. */
    private static String withRoutes(String recipe) throws IOException {
        String relays = shipped("relays");
        Matcher route = ROUTE.matcher(recipe);
        while (route.find()) {
            String id = route.group(1);
            String text = route.group().strip() + "\n\n";
            Matcher old = Pattern.compile("(?ms)^- route:\\n    id: " + id + "$.*?(?=^- |\\z)")
                    .matcher(relays);
            relays = old.find() ? old.replaceFirst(Matcher.quoteReplacement(text)) : relays + "\n" + text;
        }
        return relays;
    }

    /** The shipped intake with this in place of the step to the first relay. */
    private static String withFirstStep(String recipe) throws IOException {
        String intake = shipped("intake");
        return intake.substring(0, intake.indexOf("        - to:\n            id: to-first-relay")) + recipe;
    }

    private static String shipped(String name) throws IOException {
        return Files.readString(Path.of("routes/" + name + ".camel.yaml"));
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(routes.resolve(name + ".camel.yaml"), text);
    }

    private void edit(String intake, String relays) throws IOException {
        boolean differs = !Files.readString(routes.resolve("intake.camel.yaml")).equals(intake)
                || !Files.readString(routes.resolve("relays.camel.yaml")).equals(relays);
        double accepted = accepted();
        write("intake", intake);
        write("relays", relays);
        if (differs) {
            Awaitility.await("the edit is in use")
                    .pollInterval(Duration.ofMillis(20))
                    .atMost(SignupMailer.PATIENCE)
                    .until(() -> accepted() > accepted);
        }
    }

    private double accepted() {
        return mailer.counter("signup.mailer.route.reloads", "result", "accepted");
    }
}
