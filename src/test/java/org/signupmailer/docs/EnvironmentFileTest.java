package org.signupmailer.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.signupmailer.relay.ProviderPresets;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.RelaySettings;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;

/** The .env files that people copy from README and .env.example are read as the application reads them. */
class EnvironmentFileTest {

    private static final Pattern KEY = Pattern.compile("(?m)^#?([A-Z][A-Z0-9_]*)=");

    private final List<String> warnings = new ArrayList<>();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"yandex, smtp.yandex.ru", "smtp2go, mail.smtp2go.com"})
    void readmesEnvFileGivesTheRelayOfItsProvider(String provider, String host) throws IOException {
        List<Relay> relays = relays(Markdown.read("README.md").block("dotenv", "=" + provider + "\n"));

        assertIsOneRelay(relays, provider, host);
    }

    @ParameterizedTest
    @CsvSource({
        "yandex, smtp.yandex.ru",
        "smtp2go, mail.smtp2go.com",
        "gmail, smtp.gmail.com",
        "mailru, smtp.mail.ru",
        "mailtrap, live.smtp.mailtrap.io",
        "mailtrap-sandbox, sandbox.smtp.mailtrap.io"
    })
    void eachBlockOfTheExampleGivesTheRelayOfItsProvider(String provider, String host) throws IOException {
        String block = example()
                .lines()
                .dropWhile(line -> !line.startsWith("# [" + provider + "]"))
                .takeWhile(line -> !line.isBlank())
                .filter(line -> KEY.matcher(line).find())
                .map(line -> line.substring(1))
                .collect(Collectors.joining("\n"));

        assertIsOneRelay(relays(block), provider, host);
    }

    @Test
    void theExampleAsItStandsSendsToThisMachineOnly() throws IOException {
        List<Relay> relays = relays(example());

        assertThat(relays).singleElement().satisfies(relay -> {
            assertThat(relay.toString()).isEqualTo("primary (localhost:1025)");
            assertThat(relay.user()).isNull();
        });
        assertThat(warnings).isEmpty();
    }

    @Test
    void theExampleHasEverySettingWithAShortName() throws IOException {
        List<String> expected = new ArrayList<>();
        for (List<String> row : Markdown.read("README.md").table("| setting | meaning | default |")) {
            Markdown.codes(row.get(0)).stream()
                    .filter(name -> !name.contains("…"))
                    .forEach(expected::add);
        }
        for (List<String> row :
                Markdown.read("docs/relays.md").table("| setting | short name | meaning | default | restart |")) {
            Markdown.codes(row.get(1)).stream()
                    .flatMap(
                            name -> Stream.of(name, name.replace("SMTP_", "SMTP_2_"), name.replace("SMTP_", "SMTP_3_")))
                    .forEach(expected::add);
        }
        List<String> written =
                KEY.matcher(example()).results().map(match -> match.group(1)).toList();

        assertThat(new TreeSet<>(written)).isEqualTo(new TreeSet<>(expected));
    }

    private void assertIsOneRelay(List<Relay> relays, String provider, String host) {
        assertThat(relays).singleElement().satisfies(relay -> {
            assertThat(relay.name()).isEqualTo("primary");
            assertThat(relay.host()).isEqualTo(host);
            assertThat(relay.preset()).hasToString(provider);
            assertThat(relay.user()).isNotNull();
        });
        // Whoever forgets to put in the own values is told so, and of nothing else.
        assertThat(warnings).isNotEmpty().allSatisfy(warning -> assertThat(warning)
                .contains("looks like a placeholder"));
    }

    private List<Relay> relays(String envFile) throws IOException {
        Path file = Files.writeString(folder.resolve(".env"), envFile);
        SpringApplication application = new SpringApplication(Nothing.class);
        application.setWebApplicationType(WebApplicationType.NONE);
        try (ConfigurableApplicationContext context = application.run("--mailer.env-file=" + file)) {
            return RelaySettings.read(context.getEnvironment(), ProviderPresets.load(), warnings::add);
        }
    }

    private static String example() throws IOException {
        return Files.readString(Path.of(".env.example"));
    }

    @Configuration(proxyBeanMethods = false)
    static class Nothing {}
}
