package org.signupmailer.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.kafka.EmbeddedKafka;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.slf4j.LoggerFactory;

class BrokerComesLaterTest {

    @Test
    void aBrokerThatIsNotThereYetIsWaitedForInOneLineAndThenMailFlows() {
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer mailer =
                        SignupMailer.with().kafka(kafka).relay(smtp).start()) {
            mailer.stop();
            kafka.stop();

            mailer.startAgain();
            // Only now: a start makes the log anew.
            ListAppender<ILoggingEvent> log = new ListAppender<>();
            Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
            log.setContext(root.getLoggerContext());
            log.start();
            root.addAppender(log);
            try {
                Awaitility.await("a line about the broker")
                        .atMost(SignupMailer.PATIENCE)
                        .until(() -> !warnings(log).isEmpty());
                assertThat(warnings(log))
                        .containsExactly("No Kafka broker answers at " + kafka.bootstrapServers()
                                + " yet; waiting for it. If that is the wrong place, set KAFKA_BROKERS to host:port.");
            } finally {
                root.detachAppender(log);
            }

            kafka.startAgain();
            mailer.awaitReading();
            mailer.publish(TestEvents.verificationCode());
            assertThat(smtp.awaitMails(1, SignupMailer.PATIENCE)).hasSize(1);
        }
    }

    private static List<String> warnings(ListAppender<ILoggingEvent> log) {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }
}
