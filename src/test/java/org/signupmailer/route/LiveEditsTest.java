package org.signupmailer.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.Route;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.guarantee.EveryEventHasAnEnd;
import org.signupmailer.testing.guarantee.NoEventEndsTwice;
import org.signupmailer.testing.guarantee.NoMailTwice;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** Operators edit the routes while 50 events a second come in. */
@Execution(ExecutionMode.CONCURRENT)
class LiveEditsTest {

    private static final Duration IN_USE = Duration.ofSeconds(2);
    private static final Duration LATE = Duration.ofSeconds(1);

    private final ScriptedSmtpServer first = ScriptedSmtpServer.start();
    private final ScriptedSmtpServer second = ScriptedSmtpServer.start();

    @TempDir
    Path routes;

    @BeforeEach
    void shipped() throws IOException {
        BrokenEdit.shipped(routes);
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
    }

    private SignupMailer start() {
        SignupMailer mailer = SignupMailer.with()
                .relay(first)
                .relay(second)
                .with("MAILER_ROUTES_DIR", routes.toString())
                .start();
        mailer.awaitReading();
        return mailer;
    }

    @Test
    void someBrokenEditsAreRefusedWhileMailFlows() throws Exception {
        List<BrokenEdit> some = BrokenEdit.all().stream()
                .filter(edit -> List.of(
                                "steps: a step's name misspelled",
                                "yaml: a file made empty",
                                "chain: the dead letters' file removed")
                        .contains(edit.toString()))
                .toList();
        assertThat(some).hasSize(3);

        SteadyLoad.Result result = refuseAll(some);

        assertThat(result.latest()).isLessThan(LATE.multipliedBy(5).plus(result.pause()));
    }

    @Test
    @Tag("heavy")
    void allBrokenEditsOfTheCorpusAreRefusedWhileMailFlows() throws Exception {
        SteadyLoad.Result result = refuseAll(BrokenEdit.all());

        assertThat(result.latest()).isLessThan(LATE.plus(result.pause()));
    }

    private SteadyLoad.Result refuseAll(List<BrokenEdit> edits) throws Exception {
        try (SignupMailer mailer = start();
                SteadyLoad load = new SteadyLoad(mailer, first, second)) {
            List<Route> before = mailer.camel().getRoutes();
            for (BrokenEdit edit : edits) {
                edit.apply(routes);
                await(edit + " is refused", () -> gauge(mailer) == 1);
                assertThat(problems(mailer)).as(edit.toString()).containsExactlyElementsOf(errors(edit));
                repair();
                await(edit + " is repaired", () -> gauge(mailer) == 0);
            }
            assertThat(mailer.camel().getRoutes()).isEqualTo(before);
            assertThat(mailer.counter("signup.mailer.route.reloads", "result", "refused"))
                    .isEqualTo(edits.size());
            return fine(edits.size() + " broken edits", load);
        }
    }

    @Test
    void someGoodEditsAreInUseWhileMailFlows() throws Exception {
        List<Duration> took = accept(5, 1);

        assertThat(took).hasSize(6).allSatisfy(time -> assertThat(time).isLessThan(IN_USE.multipliedBy(5)));
    }

    @Test
    @Tag("heavy")
    void aHundredGoodEditsAreInUseWhileMailFlows() throws Exception {
        assertThat(accept(90, 10)).hasSize(100);
    }

    /** Edits of relays first, which must not touch the consumer, then edits of the intake. */
    private List<Duration> accept(int ofRelays, int ofIntake) throws Exception {
        List<Duration> took = new ArrayList<>();
        try (SignupMailer mailer = start();
                SteadyLoad load = new SteadyLoad(mailer, first, second)) {
            double rebalances = rebalances(mailer);
            Route intake = mailer.camel().getRoute("signup-events");
            for (int i = 1; i <= ofRelays; i++) {
                took.add(edit(mailer, i));
            }
            assertThat(rebalances(mailer)).isEqualTo(rebalances);
            assertThat(mailer.camel().getRoute("signup-events")).isSameAs(intake);
            for (int i = 1; i <= ofIntake; i++) {
                took.add(replace(
                        mailer, "intake", "makes one mail of each.*", "makes one mail of each, " + i, "signup-events"));
            }
            SteadyLoad.Result result = fine(
                    took.size() + " good edits, the slowest in use after "
                            + took.stream().mapToLong(Duration::toMillis).max().orElse(0) + " ms",
                    load);
            assertThat(took.stream()
                            .filter(time -> time.compareTo(IN_USE.plus(result.pause())) > 0)
                            .count())
                    .isLessThanOrEqualTo(ofRelays > 10 ? 0 : took.size());
            return took;
        }
    }

    // Descriptions, the order, and what all routes share.
    private Duration edit(SignupMailer mailer, int number) throws Exception {
        return switch (number % 3) {
            case 0 ->
                replace(mailer, "relays", "The first relay[^;]*;", "The first relay, " + number + ";", "relay-primary");
            case 1 -> {
                String next = number % 2 == 0 ? "relay:secondary" : "relay:tertiary";
                yield replace(
                        mailer,
                        "relays",
                        "(?s)The first relay.*?next: relay:[a-z]+",
                        "The first relay, " + number
                                + "; then others\n    routeConfigurationId: failover\n    from:\n      id: from-primary\n"
                                + "      description: Mail for the first relay\n      uri: relay:primary\n"
                                + "      parameters:\n        next: " + next,
                        "relay-primary");
            }
            default ->
                replace(
                        mailer,
                        "relays",
                        "The second relay[^;]*;",
                        "The second relay, " + number + ";",
                        "relay-secondary");
        };
    }

    private Duration replace(SignupMailer mailer, String file, String pattern, String with, String route)
            throws Exception {
        Path path = routes.resolve(file + ".camel.yaml");
        String text = Files.readString(path).replaceFirst(pattern, with);
        // As editors do it.
        Path beside = routes.resolve("." + file + ".tmp");
        Files.writeString(beside, text);
        String wanted = with.replaceFirst("(?s);.*", "");
        Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
        long saved = System.nanoTime();
        await(route + " is " + wanted, () -> {
            Route now = mailer.camel().getRoute(route);
            return now != null && String.valueOf(now.getDescription()).contains(wanted);
        });
        return Duration.ofNanos(System.nanoTime() - saved);
    }

    private static SteadyLoad.Result fine(String what, SteadyLoad load) throws InterruptedException {
        SteadyLoad.Result result = load.end();
        System.out.println(what + ": " + result);
        result.outcome().upholds(new EveryEventHasAnEnd(), new NoMailTwice(), new NoEventEndsTwice());
        assertThat(result.outcome().deadLetters()).isEmpty();
        assertThat(result.published()).isGreaterThan(50);
        return result;
    }

    private void repair() throws IOException {
        try (var files = Files.list(routes)) {
            for (Path file : files.toList()) {
                if (!Files.exists(Path.of("routes").resolve(file.getFileName()))) {
                    Files.delete(file);
                }
            }
        }
        BrokenEdit.shipped(routes);
    }

    private List<String> errors(BrokenEdit edit) {
        return edit.says().stream()
                .filter(line -> !line.startsWith("warning: "))
                .toList();
    }

    private List<String> problems(SignupMailer mailer) {
        return mailer.bean(LiveRoutes.class).state().problems().stream()
                .map(line -> line.replace(routes + "/", "").replace(routes.toString(), "routes"))
                .toList();
    }

    private static double gauge(SignupMailer mailer) {
        return mailer.registry().get("signup.mailer.route.refused").gauge().value();
    }

    private static double rebalances(SignupMailer mailer) throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        double sum = 0;
        for (ObjectName name :
                server.queryNames(new ObjectName("kafka.consumer:type=consumer-coordinator-metrics,*"), null)) {
            if (name.getKeyProperty("client-id").contains(mailer.group())) {
                sum += (Double) server.getAttribute(name, "rebalance-total");
            }
        }
        assertThat(sum).as("rebalances of " + mailer.group()).isPositive();
        return sum;
    }

    private static void await(String what, Callable<Boolean> condition) {
        Awaitility.await(what)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(Duration.ofSeconds(30))
                .until(condition);
    }
}
