package org.signupmailer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.docs.Markdown;

/** The alerts, held to Prometheus' own checks and to the runbook. */
@Execution(ExecutionMode.CONCURRENT)
class AlertsTest {

    private static final String RUNBOOK = "docs/operations.md";
    private static final Pattern ALERT_NAME = Pattern.compile("[A-Z][A-Za-z]+");

    @Test
    void prometheusTakesRulesAndSettings() {
        Tool.require("promtool", "prometheus");

        Tool.run("promtool", "check", "rules", Alerts.FILE).succeeds();
        Tool.run("promtool", "check", "config", "deploy/prometheus/prometheus.yml")
                .succeeds();
    }

    @Test
    void theNumbersThatBringAnAlertBringItAndOthersDoNot() {
        Tool.require("promtool", "prometheus");

        Tool.run("promtool", "test", "rules", "deploy/prometheus/alerts.test.yml")
                .succeeds();
    }

    @Test
    void everyAlertHasATestOfItsOwn() {
        String tests = Project.text("deploy/prometheus/alerts.test.yml");

        assertThat(Alerts.alerts())
                .extracting(alert -> alert.path("alert").asText())
                .doesNotHaveDuplicates()
                .allSatisfy(name -> assertThat(tests).containsPattern("alertname(: |=\")" + name + "\\b"));
    }

    @Test
    void everyAlertSaysWhatHappensHowUrgentItIsAndWhatToDo() {
        List<String> urgencies = new ArrayList<>();
        for (JsonNode alert : Alerts.alerts()) {
            String name = alert.path("alert").asText();
            assertThat(name).matches(ALERT_NAME);
            urgencies.add(alert.at("/labels/severity").asText());
            for (String annotation : List.of("summary", "description", "runbook")) {
                assertThat(alert.at("/annotations/" + annotation).asText())
                        .as(name + ": " + annotation)
                        .isNotBlank();
            }
        }
        assertThat(urgencies).isNotEmpty().containsOnly("page", "ticket");
    }

    @Test
    void theRunbookHasEveryAlertWithItsUrgencyAndTheSectionThatItLeadsTo() {
        Markdown runbook = Markdown.read(RUNBOOK);
        Map<String, List<String>> rows = runbook.table("| alert | urgency | what it means | what to do |").stream()
                .collect(Collectors.toMap(row -> Markdown.codes(row.get(0)).get(0), row -> row));

        assertThat(Alerts.alerts())
                .extracting(alert -> alert.path("alert").asText())
                .containsExactlyInAnyOrderElementsOf(rows.keySet());
        for (JsonNode alert : Alerts.alerts()) {
            List<String> row = rows.getOrDefault(alert.path("alert").asText(), List.of());
            assertThat(row).hasSizeGreaterThan(3);
            assertThat(row.get(1)).isEqualTo(alert.at("/labels/severity").asText());
            String link = alert.at("/annotations/runbook").asText();
            assertThat(link).startsWith(RUNBOOK + "#");
            String anchor = link.substring(RUNBOOK.length() + 1);
            assertThat(runbook.anchors()).as(link).contains(anchor);
            assertThat(row.get(3)).contains("(#" + anchor + ")");
        }
    }
}
