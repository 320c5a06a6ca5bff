package org.signupmailer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Every metric, label and value that dashboard and alerts ask for is one that a running application has. */
@Execution(ExecutionMode.CONCURRENT)
class MetricsExistTest {

    private static final Pattern OURS = Pattern.compile("signup_mailer_[a-z_]+");
    private static final Pattern BEAN = Pattern.compile("org\\.signupmailer:type=[A-Za-z]+");

    /** What Prometheus itself adds to what it fetches. */
    private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

    @Test
    void everyMetricOfDashboardAlertsAndRunbookIsInARunningApplication() throws Exception {
        RunningMetrics running = RunningMetrics.scrape();
        Map<String, String> expressions = new LinkedHashMap<>(new Dashboard().expressions());
        expressions.putAll(Alerts.expressions());
        Set<String> made = new TreeSet<>(Alerts.recorded());
        made.add("up");

        List<String> missing = new ArrayList<>();
        expressions.forEach((where, expression) -> {
            Promql promql = Promql.of(expression);
            Set<String> known = new TreeSet<>(OF_PROMETHEUS);
            promql.metrics().forEach((metric, demanded) -> {
                if (made.contains(metric)) {
                    return;
                }
                if (!running.names().contains(metric)) {
                    missing.add(where + ": " + metric);
                }
                known.addAll(running.labels(metric).keySet());
                demanded.forEach((label, value) -> {
                    if (!OF_PROMETHEUS.contains(label)
                            && !running.labels(metric)
                                    .getOrDefault(label, Set.of())
                                    .contains(value)) {
                        missing.add(where + ": " + metric + "{" + label + "=\"" + value + "\"}");
                    }
                });
            });
            promql.labels().stream()
                    .filter(label -> !label.isEmpty() && !known.contains(label))
                    .forEach(label -> missing.add(where + ": label " + label));
        });

        OURS.matcher(Project.text("docs/operations.md"))
                .results()
                .map(match -> match.group())
                .forEach(metric -> {
                    if (running.names().stream().noneMatch(name -> name.startsWith(metric))) {
                        missing.add("docs/operations.md: " + metric);
                    }
                });
        BEAN.matcher(Project.text("docs/operations.md"))
                .results()
                .map(match -> match.group())
                .forEach(bean -> {
                    if (running.beans().stream().noneMatch(name -> name.startsWith(bean))) {
                        missing.add("docs/operations.md: " + bean);
                    }
                });

        assertThat(expressions).hasSizeGreaterThan(30);
        assertThat(missing).isEmpty();
    }
}
