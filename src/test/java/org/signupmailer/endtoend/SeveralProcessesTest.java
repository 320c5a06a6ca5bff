package org.signupmailer.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** Processes of one group share the events, whatever else they read. */
@Execution(ExecutionMode.CONCURRENT)
class SeveralProcessesTest {

    @Test
    void aProcessThatComesLastReadsItsShareOfTheEvents() {
        Deque<SignupMailer> others = new ArrayDeque<>();
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer mailer =
                        SignupMailer.with().partitions(4).relay(smtp).start()) {
            try {
                for (int i = 0; i < 3; i++) {
                    SignupMailer other = mailer.another();
                    others.push(other);
                    other.awaitReading();
                }
                Awaitility.await("each of the four reads one partition of the events")
                        .atMost(SignupMailer.PATIENCE)
                        .untilAsserted(
                                () -> assertThat(partitionsOfEvents(mailer)).containsExactly(1, 1, 1, 1));
            } finally {
                others.forEach(SignupMailer::close);
            }
        }
    }

    private static List<Integer> partitionsOfEvents(SignupMailer mailer)
            throws ExecutionException, InterruptedException {
        try (Admin admin = mailer.kafka().admin()) {
            return admin.describeConsumerGroups(List.of(mailer.group())).all().get().values().stream()
                    .flatMap(group -> group.members().stream())
                    .map(member -> (int) member.assignment().topicPartitions().stream()
                            .filter(partition -> partition.topic().equals(mailer.topic()))
                            .count())
                    .toList();
        }
    }
}
