package org.signupmailer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Nobody else of this JVM may print meanwhile: a command's words are all there is. */
@Isolated
@ExtendWith(OutputCaptureExtension.class)
class CommandsTest {

    @Test
    void aWordThatIsNoCommandIsWrongUsageAndStartsNothing(CapturedOutput output) {
        assertThat(Commands.run("servve")).isEqualTo(2);
        assertThat(output.getErr())
                .startsWith("\"servve\" is neither a command nor an option nor a --some.key=value of signup-mailer.")
                .contains("Usage: java -jar signup-mailer.jar [-hV] [COMMAND]");
        assertThat(output.getOut()).isEmpty();
    }

    @Test
    void anOptionThatIsNotKnownIsWrongUsageToo(CapturedOutput output) {
        assertThat(Commands.run("serve", "--hlep")).isEqualTo(2);
        assertThat(output.getErr()).startsWith("\"--hlep\" is neither ");
    }

    @Test
    void whatFollowsAnEqualsSignIsNotRepeated(CapturedOutput output) {
        assertThat(Commands.run("SMTP_PASS=hunter2")).isEqualTo(2);
        assertThat(output.getErr()).startsWith("\"SMTP_PASS=…\" is neither ").doesNotContain("hunter2");
    }

    @Test
    void helpNamesTheCommandsAndTheExitCodes(CapturedOutput output) {
        assertThat(Commands.run("--help")).isZero();
        assertThat(output.getOut())
                .containsPattern("serve +Reads events")
                .containsPattern("doctor +Says why mail does not go out")
                .contains("0   fine", "1   found a problem", "2   wrong usage");
    }

    @Test
    void versionIsOneLine(CapturedOutput output) {
        assertThat(Commands.run("--version")).isZero();
        assertThat(output.getOut().lines()).singleElement().asString().startsWith("signup-mailer ");
    }

    @Test
    void aStartThatFailsIsOneSentenceAndExitCodeOne(CapturedOutput output) {
        assertThat(Commands.run("--server.port=abc")).isEqualTo(1);
        assertThat(output.getAll().lines())
                .singleElement()
                .isEqualTo("signup-mailer did not start: MANAGEMENT_PORT is \"abc\", which is not a port; use a number"
                        + " from 1 to 65535, usually 8081, or 0 for any free one.");
    }

    @Test
    void aStartThatFailsLateIsOneSentenceToo(CapturedOutput output, @TempDir Path folder) {
        assertThat(Commands.run(
                        "--mailer.env-file=" + folder.resolve("no.env"),
                        "--server.port=0",
                        "--mailer.relays.shop.host=127.0.0.1",
                        "--mailer.relays.shop.from=nonsense"))
                .isEqualTo(1);
        assertThat(output.getAll().lines())
                .singleElement()
                .isEqualTo(
                        "signup-mailer did not start: mailer.relays.shop.from is \"nonsense\", which is not an e-mail address; write"
                                + " one address, such as no-reply@example.com.");
    }
}
