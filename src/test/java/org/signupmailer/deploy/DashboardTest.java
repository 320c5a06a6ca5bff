package org.signupmailer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The dashboard is one that Grafana shows as it is meant, and begins with what users feel. */
class DashboardTest {

    private static final Pattern LABEL_IN_LEGEND = Pattern.compile("\\{\\{(\\w+)}}");
    private static final int COLUMNS = 24;

    private final Dashboard dashboard = new Dashboard();

    @Test
    void usersComeFirstThenRelaysThenTheMachine() {
        assertThat(dashboard.panels())
                .filteredOn(panel -> panel.path("type").asText().equals("row"))
                .extracting(panel -> panel.path("title").asText())
                .startsWith("What users feel", "Relays")
                .endsWith("The machine");
    }

    @Test
    void everyPanelHasItsOwnNumberAndPlace() {
        Set<Integer> ids = new HashSet<>();
        Set<String> squares = new HashSet<>();
        for (JsonNode panel : dashboard.panels()) {
            String title = panel.path("title").asText();
            assertThat(ids.add(panel.path("id").asInt())).as(title).isTrue();
            JsonNode place = panel.path("gridPos");
            int x = place.path("x").asInt();
            int y = place.path("y").asInt();
            int right = x + place.path("w").asInt();
            assertThat(right).as(title).isBetween(1, COLUMNS);
            for (int column = x; column < right; column++) {
                for (int line = y; line < y + place.path("h").asInt(); line++) {
                    assertThat(squares.add(column + ":" + line)).as(title).isTrue();
                }
            }
        }
    }

    @Test
    void everyGraphAsksTheChosenSourceInItsOwnUnit() {
        assertThat(dashboard.graphs()).isNotEmpty().allSatisfy(panel -> {
            assertThat(panel.path("type").asText()).isIn("timeseries", "stat", "state-timeline", "bargauge");
            assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
            assertThat(panel.path("title").asText()).isNotBlank();
            assertThat(panel.path("targets")).isNotEmpty();
            if (!panel.path("type").asText().equals("state-timeline")) {
                assertThat(panel.at("/fieldConfig/defaults/unit").asText()).isNotBlank();
            }
            Set<String> refs = new HashSet<>();
            panel.path("targets").forEach(target -> {
                assertThat(target.at("/datasource/uid").asText()).isEqualTo("${datasource}");
                assertThat(target.path("expr").asText()).isNotBlank();
                assertThat(refs.add(target.path("refId").asText())).isTrue();
            });
        });
        assertThat(Project.each(dashboard.file().at("/templating/list"))
                        .map(variable -> variable.path("name").asText()))
                .containsExactly("datasource", "instance");
    }

    @Test
    void everyExpressionFollowsTheChosenProcess() {
        dashboard.expressions().forEach((where, expression) -> {
            if (!Promql.of(expression).metrics().containsKey("up")) {
                assertThat(expression).as(where).contains("instance=~\"$instance\"");
            }
        });
    }

    @Test
    void everyLegendNamesLabelsThatTheExpressionKeeps() {
        for (JsonNode panel : dashboard.graphs()) {
            for (JsonNode target : panel.path("targets")) {
                String expression = target.path("expr").asText();
                List<String> named = LABEL_IN_LEGEND
                        .matcher(target.path("legendFormat").asText())
                        .results()
                        .map(match -> match.group(1))
                        .toList();
                if (expression.contains("sum") || expression.contains("min by") || expression.contains("max by")) {
                    assertThat(Promql.of(expression).grouped())
                            .as(panel.path("title").asText())
                            .containsAll(named);
                }
            }
        }
    }

    @Test
    void prometheusUnderstandsEveryExpression() {
        Tool.require("promtool", "prometheus");
        List<String> rules = new ArrayList<>();
        for (String expression : dashboard.expressions().values()) {
            rules.add(expression.replace("$__rate_interval", "5m"));
        }

        Promtool.understands(rules);
    }
}
