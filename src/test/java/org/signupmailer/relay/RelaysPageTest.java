package org.signupmailer.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Operators believe docs/relays.md; so it is compared with what the code does. */
class RelaysPageTest {

    private final String page = read();

    @Test
    void everySettingIsOnThePage() {
        for (RelayKey key : RelayKey.values()) {
            String shortName = key.shortName() == null ? "" : "`SMTP_" + key.shortName() + "`";
            assertThat(page.lines()).as(key.longName()).anySatisfy(line -> assertThat(line)
                    .startsWith("| `" + key.longName() + "` | " + shortName));
        }
        assertThat(page.lines().filter(line -> line.matches("\\| `[a-z-]+` \\| (`SMTP_\\w+` )?\\| .*")))
                .hasSize(RelayKey.values().length);
    }

    @Test
    void theDefaultsAreThoseOfTheCode() {
        ConnectionLimits limits = ConnectionLimits.DEFAULTS;
        assertThat(page)
                .contains(row("max-connections", Integer.toString(limits.maxConnections())))
                .contains(row("mails-per-connection", Integer.toString(limits.mailsPerConnection())))
                .contains(row("idle-timeout", inWords(limits.idle())))
                .contains(row("max-age", inWords(limits.maxAge())))
                .contains(row("connect-timeout", inWords(limits.connectTimeout())))
                .contains(row("read-timeout", inWords(limits.readTimeout())));
    }

    @Test
    void theTableOfProvidersIsThatOfTheFile() {
        List<String> expected = ProviderPresets.load().all().stream()
                .map(preset -> Stream.of(
                                "`" + preset.name() + "`",
                                String.join(", ", preset.hosts()),
                                preset.ports().stream()
                                        .map(choice -> choice.port()
                                                + (choice.tls() == TlsMode.IMPLICIT ? " implicit" : "")
                                                + (preset.unverified().contains("port " + choice.port()) ? " ?" : ""))
                                        .collect(Collectors.joining(", ")),
                                preset.user().rule(),
                                preset.password().rule()
                                        + (preset.appPasswordPage() == null
                                                ? ""
                                                : " (" + preset.appPasswordPage() + ")"),
                                preset.limits().mails().stream()
                                        .map(limit -> limit + (limit.when() == null ? "" : " (" + limit.when() + ")"))
                                        .collect(Collectors.joining(", ")))
                        .collect(Collectors.joining(" | ", "| ", " |")))
                .map(row -> row.replace("  |", " |"))
                .toList();

        List<String> actual = page.lines()
                .dropWhile(line -> !line.startsWith("| preset |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(actual).containsExactlyElementsOf(expected);
    }

    private String row(String key, String value) {
        return page.lines()
                .filter(line -> line.startsWith("| `" + key + "` |") && line.contains("| " + value))
                .findFirst()
                .orElse("a row for " + key + " with default " + value);
    }

    private static String inWords(Duration time) {
        return time.toSeconds() % 60 == 0 ? time.toMinutes() + "m" : time.toSeconds() + "s";
    }

    private static String read() {
        try {
            return Files.readString(Path.of("docs/relays.md"));
        } catch (IOException e) {
            throw new AssertionError("docs/relays.md is not readable", e);
        }
    }
}
