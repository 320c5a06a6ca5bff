package org.signupmailer.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** How much of a relay's limit is used is known to every process, after a restart too. */
class QuotaTest {

    private static final Instant NOW = Instant.parse("2026-11-22T05:30:00Z");

    @Test
    void mailsStopCountingWhenTheyAreOlderThanThePeriod() {
        QuotaUse use = new QuotaUse();
        use.accepted("primary", NOW);
        use.accepted("primary", NOW.minus(Duration.ofHours(23)));
        use.accepted("primary", NOW.minus(Duration.ofHours(24)));
        use.accepted("primary", NOW.minus(Duration.ofDays(29)));
        use.accepted("primary", NOW.minus(Duration.ofDays(40)));
        use.accepted("secondary", NOW);

        assertThat(use.used("primary", Duration.ofDays(1), NOW)).isEqualTo(2);
        assertThat(use.used("primary", Duration.ofDays(30), NOW)).isEqualTo(4);
        assertThat(use.used("primary", Duration.ofDays(30), NOW.plus(Duration.ofDays(2))))
                .isEqualTo(3);
        assertThat(use.used("tertiary", Duration.ofDays(1), NOW)).isZero();
    }

    @Test
    void whatIsUsedAndLeftAndHowFarReadingLagsIsShownAlsoAfterARestart() {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.with()
                        .relay(smtp)
                        .with("MAILER_RELAYS_PRIMARY_MAILS_PER_DAY", "10")
                        .start()) {
            mailer.awaitReading();
            mailer.publish(TestEvents.verificationCode());
            mailer.publish(TestEvents.welcome());
            awaitGauge(mailer, "signup.mailer.quota.used", 2, "relay", "primary", "period", "day");
            mailer.awaitCommitted(2);

            mailer.stop();
            mailer.startAgain();

            awaitGauge(mailer, "signup.mailer.quota.used", 2, "relay", "primary", "period", "month");
            awaitGauge(mailer, "signup.mailer.quota.left", 8, "relay", "primary", "period", "day");
            awaitGauge(mailer, "signup.mailer.consumer.lag", 0, "topic", mailer.topic());
            awaitGauge(mailer, "signup.mailer.retry.backlog", 0, "topic", mailer.topic() + ".retry-1m");
            awaitGauge(mailer, "signup.mailer.relay.breaker", 1, "relay", "primary", "state", "closed");
            awaitGauge(mailer, "signup.mailer.relay.breaker", 0, "relay", "primary", "state", "open");
        }
    }

    private static void awaitGauge(SignupMailer mailer, String name, double value, String... tags) {
        Awaitility.await(name + " is " + value)
                .pollInterval(Duration.ofMillis(50))
                .atMost(SignupMailer.PATIENCE)
                .until(() -> mailer.registry().get(name).tags(tags).gauge().value() == value);
    }
}
