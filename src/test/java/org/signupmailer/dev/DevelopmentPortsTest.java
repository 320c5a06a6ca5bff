package org.signupmailer.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.signupmailer.testing.kafka.FreePorts;

class DevelopmentPortsTest {

    private static final Map<String, String> ANY_PORTS = Map.of(
            "DEV_KAFKA_PORT", "0",
            "DEV_SMTP_PORT", "0",
            "DEV_SMTP_2_PORT", "0",
            "DEV_INBOX_PORT", "0",
            "MANAGEMENT_PORT", "0");

    @ParameterizedTest
    @CsvSource({
        "DEV_KAFKA_PORT, Kafka",
        "DEV_SMTP_PORT, the first relay",
        "DEV_SMTP_2_PORT, the second relay",
        "DEV_INBOX_PORT, the inbox page",
        "MANAGEMENT_PORT, management"
    })
    void aTakenPortIsSaidInOneSentenceWithTheSettingThatChangesIt(
            String setting, String purpose, @TempDir Path directory) throws Exception {
        try (ServerSocket other = new ServerSocket()) {
            other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Map<String, String> environment = new HashMap<>(ANY_PORTS);
            environment.put(setting, Integer.toString(other.getLocalPort()));

            try (DevelopmentProcess run = DevelopmentProcess.start(directory, environment)) {
                assertThat(run.awaitExit(Duration.ofSeconds(30))).isEqualTo(1);
                assertThat(run.printed().strip())
                        .isEqualTo(
                                "Port %d for %s is taken by another program; stop that one, or set %s to another port."
                                        .formatted(other.getLocalPort(), purpose, setting));
            }
        }
    }

    @Test
    void aPortThatSomebodyHasOnAllInterfacesIsTakenToo() throws Exception {
        try (ServerSocket other = new ServerSocket(0)) {
            assertThat(settings(Map.of("DEV_KAFKA_PORT", Integer.toString(other.getLocalPort())))
                            .problems())
                    .singleElement()
                    .asString()
                    .contains("DEV_KAFKA_PORT");
        }
    }

    @Test
    void whatIsNoPortIsSaidWithItsValue() {
        assertThat(settings(Map.of("DEV_INBOX_PORT", "abc", "DEV_KAFKA_PORT", "70000"))
                        .problems())
                .containsExactly(
                        "DEV_KAFKA_PORT is \"70000\", but a port is a number from 1 to 65535 (or 0 for any free one);"
                                + " set it so.",
                        "DEV_INBOX_PORT is \"abc\", but a port is a number from 1 to 65535 (or 0 for any free one);"
                                + " set it so.");
    }

    @Test
    void onePortForTwoPurposesIsSaid() {
        String port = Integer.toString(FreePorts.any());

        assertThat(settings(Map.of("DEV_SMTP_PORT", port, "DEV_SMTP_2_PORT", port))
                        .problems())
                .containsExactly(
                        "DEV_SMTP_PORT and DEV_SMTP_2_PORT are both " + port + "; give each a port of its own.");
    }

    @Test
    void withoutSettingsThePortsAreTheUsualOnes() {
        DevelopmentSettings settings = DevelopmentSettings.read(name -> null);

        assertThat(settings.kafka().number()).isEqualTo(9092);
        assertThat(settings.inbox().number()).isEqualTo(8025);
        assertThat(settings.management().number()).isEqualTo(8081);
    }

    private static DevelopmentSettings settings(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(ANY_PORTS);
        all.putAll(given);
        return DevelopmentSettings.read(all::get);
    }
}
