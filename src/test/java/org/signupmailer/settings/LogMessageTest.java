package org.signupmailer.settings;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LogMessageTest {

    private final LogMessage converter = new LogMessage();

    @Test
    void anOrdinaryMessageStaysAsItIs() {
        assertThat(line("Принято: signup.welcome für „Zoë“ – 100 %, 日本語 🎉"))
                .isEqualTo("Принято: signup.welcome für „Zoë“ – 100 %, 日本語 🎉");
    }

    @Test
    void nothingInAMessageEndsItsLineOrTurnsItsDirection() {
        IntStream bad = IntStream.concat(
                IntStream.concat(IntStream.range(0, 0x20), IntStream.rangeClosed(0x7F, 0x9F)),
                IntStream.of(0x2028, 0x2029, 0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069));

        assertThat(bad.mapToObj(c -> line("a" + (char) c + "b"))).hasSize(76).containsOnly("a?b");
    }

    private String line(String message) {
        LoggerContext context = new LoggerContext();
        Logger logger = context.getLogger("signup-mailer.events");
        return converter.convert(new LoggingEvent("", logger, Level.INFO, message, null, new Object[0]));
    }
}
