package org.signupmailer.deploy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.awaitility.Awaitility;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** What Prometheus gets from an application that has had good events, a failing relay and dead letters. */
final class RunningMetrics {

    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]\\w*)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    /** Metric, label, values that were seen. */
    private final Map<String, Map<String, Set<String>>> metrics = new TreeMap<>();

    private final Set<String> beans = new TreeSet<>();

    private RunningMetrics() {}

    static RunningMetrics scrape() throws Exception {
        try (ScriptedSmtpServer first = ScriptedSmtpServer.start();
                ScriptedSmtpServer second = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.with()
                        .relay(first)
                        .relay(second)
                        .with("MAILER_RELAYS_PRIMARY_MAILS_PER_DAY", "500")
                        .start()) {
            mailer.awaitReading();
            first.on(Phase.RCPT).forRecipient("ann@example.com").reply(451, "4.3.0 Try again later");
            second.on(Phase.RCPT).forRecipient("gone@example.com").reply(550, "5.1.1 No such user");
            first.on(Phase.RCPT).forRecipient("gone@example.com").reply(550, "5.1.1 No such user");
            mailer.publish(TestEvents.verificationCode().to("ann@example.com"));
            mailer.publish(TestEvents.welcome().to("bob@example.com"));
            mailer.publish(TestEvents.welcome().to("gone@example.com"));
            mailer.publishText("carl@example.com", "no event");
            mailer.awaitDeadLetters(2);
            mailer.awaitCommitted(4);
            // What counts collections appears with the first one, and a process this young may not have had any.
            System.gc();
            Awaitility.await("the metrics of a collection")
                    .atMost(SignupMailer.PATIENCE)
                    .until(() -> get(mailer).contains("jvm_gc_pause_seconds_sum"));
            RunningMetrics seen = parse(get(mailer));
            ManagementFactory.getPlatformMBeanServer()
                    .queryNames(new ObjectName("org.signupmailer:*"), null)
                    .forEach(bean -> seen.beans.add(bean.getDomain() + ":type=" + bean.getKeyProperty("type")));
            return seen;
        }
    }

    private static RunningMetrics parse(String exposition) {
        RunningMetrics seen = new RunningMetrics();
        exposition.lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            Matcher sample = SAMPLE.matcher(line);
            if (!sample.matches()) {
                throw new AssertionError("Not a sample: " + line);
            }
            Map<String, Set<String>> labels =
                    seen.metrics.computeIfAbsent(sample.group(1), name -> new LinkedHashMap<>());
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().forEach(label -> labels.computeIfAbsent(
                                label.group(1), name -> new TreeSet<>())
                        .add(label.group(2)));
            }
        });
        return seen;
    }

    private static String get(SignupMailer mailer) throws IOException, InterruptedException {
        String login = "admin:" + mailer.setting("MANAGEMENT_PASSWORD");
        // As deploy/prometheus/prometheus.yml does.
        String path = Project.yaml("deploy/prometheus/prometheus.yml")
                .at("/scrape_configs/0/metrics_path")
                .asText();
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + mailer.managementPort() + path))
                                .header(
                                        "Authorization",
                                        "Basic "
                                                + Base64.getEncoder()
                                                        .encodeToString(login.getBytes(StandardCharsets.UTF_8)))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + " answered " + answer.statusCode());
        }
        return answer.body();
    }

    /** Its MBeans by domain and type. */
    Set<String> beans() {
        return beans;
    }

    /** The names of all metrics, as Prometheus stores them. */
    List<String> names() {
        return List.copyOf(metrics.keySet());
    }

    /** The labels of a metric, each with the values that were seen; empty if there is no such metric. */
    Map<String, Set<String>> labels(String metric) {
        return metrics.getOrDefault(metric, Map.of());
    }
}
