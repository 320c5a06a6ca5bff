package org.signupmailer.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

class KafkaSettingsTest {

    @Test
    void letsNoBrokerCollectTheClientsMetrics() {
        assertThat(KafkaSettings.read(new MockEnvironment()).client("a")).containsEntry("enable.metrics.push", "false");
    }

    @Test
    void letsItWhereSomeoneAsksForThat() {
        MockEnvironment asked =
                new MockEnvironment().withProperty("mailer.kafka.properties.enable.metrics.push", "true");

        assertThat(KafkaSettings.read(asked).client("a")).containsEntry("enable.metrics.push", "true");
    }
}
