package org.signupmailer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** The other tests see what an expression reads. */
class PromqlTest {

    @Test
    void findsMetricsLabelsAndDemandedValues() {
        Promql promql = Promql.of(
                "histogram_quantile(0.99, sum by (le, type) (rate(age_seconds_bucket{le=\"30.0\","
                        + "instance=~\"$instance\"}[$__rate_interval]))) > 3 * old_total offset 5m or vector(0) unless a:b:rate5m");

        assertThat(promql.metrics())
                .isEqualTo(Map.of(
                        "age_seconds_bucket", Map.of("le", "30.0"), "old_total", Map.of(), "a:b:rate5m", Map.of()));
        assertThat(promql.labels()).containsExactly("instance", "le", "type");
    }

    @Test
    void takesNoFunctionForAMetric() {
        assertThat(Promql.of("absent(up{job=\"x\"}) or increase (seen_total[1h]) > 1.5")
                        .metrics())
                .containsOnlyKeys("up", "seen_total");
    }
}
