package org.signupmailer.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What tests read in the log is there, whatever else runs in their JVM. */
@ExtendWith(OutputCaptureExtension.class)
class KeptLoggingTest {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer.talker");

    @Test
    void noLineIsLostWhileOtherApplicationsStartAndEnd(CapturedOutput output) throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer other = SignupMailer.start(smtp)) {
            AtomicInteger said = new AtomicInteger();
            ScheduledExecutorService talker = Executors.newSingleThreadScheduledExecutor();
            Future<?> unused = talker.scheduleAtFixedRate(
                    () -> LOG.info("line {}", said.incrementAndGet()), 0, 1, TimeUnit.MILLISECONDS);
            other.stop();
            other.startAgain();
            talker.shutdown();
            assertThat(talker.awaitTermination(SignupMailer.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                    .isTrue();

            List<String> told = output.getOut()
                    .lines()
                    .filter(line -> line.contains(" talker: line "))
                    .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .toList();
            assertThat(told)
                    .containsExactlyElementsOf(IntStream.rangeClosed(1, said.get())
                            .mapToObj(String::valueOf)
                            .toList());
        }
    }
}
