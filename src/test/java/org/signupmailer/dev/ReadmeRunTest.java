package org.signupmailer.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ReadmeRunTest {

    @Test
    void readmeNamesThePortsOfTheDevelopmentRunAndTheirSettings() throws Exception {
        DevelopmentSettings settings = DevelopmentSettings.read(name -> null);
        List<String> expected = Stream.of(
                        settings.kafka(),
                        settings.firstRelay(),
                        settings.secondRelay(),
                        settings.inbox(),
                        settings.management())
                .map(port -> port.setting() + " " + port.number())
                .toList();

        List<String> documented = Files.readString(Path.of("README.md"))
                .lines()
                .dropWhile(line -> !line.equals("| setting | port of | default |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.replaceFirst("\\| `(\\w+)` \\|.*\\| `(\\d+)` \\|", "$1 $2"))
                .toList();
        assertThat(documented).isEqualTo(expected);
    }

    // Spring Boot's plugin then looks for one, and finds that of the tests, which is the only one there.
    @Test
    void mavensTestRunIsToldOfNoOtherMainClass() throws Exception {
        assertThat(Files.readString(Path.of("pom.xml"))).doesNotContain("<start-class>", "spring-boot.run.main-class");
    }
}
