package org.signupmailer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What the runbook tells people to type is there; MetricsExistTest looks for its metrics and MBeans. */
class OperationsPageTest {

    private static final Pattern COMMAND = Pattern.compile(
            "(?:java -jar signup-mailer\\.jar|exec mailer signup-mailer|-- signup-mailer|--rm tools) ([a-z][a-z-]*)");
    private static final Pattern DECLARED = Pattern.compile("@Command\\(\\s*name = \"([a-z-]+)\"");
    private static final Pattern SETTING = Pattern.compile("`((?:MAILER|SMTP|KAFKA|MANAGEMENT|[A-Z]+)(?:_[A-Z0-9]+)+)");
    private static final Pattern SERVICE = Pattern.compile(
            "docker compose (?:exec|stop|run --rm|up -d(?: --build| --force-recreate)?)((?: [a-z][a-z-]*)+)");
    private static final Pattern MANIFEST = Pattern.compile("deploy/[a-z/-]+\\.[a-z]+");

    private final String page = Project.text("docs/operations.md");

    @Test
    void everyCommandExists() {
        Set<String> declared = Project.files("src/main/java").stream()
                .map(Path::toString)
                .flatMap(file -> DECLARED.matcher(Project.text(file)).results())
                .map(match -> match.group(1))
                .collect(Collectors.toSet());

        assertThat(COMMAND.matcher(page).results().map(match -> match.group(1)))
                .contains("doctor", "dead-letters", "publish", "check-routes", "undo")
                .isSubsetOf(declared);
    }

    @Test
    void everySettingExists() {
        Set<String> known = new TreeSet<>(Project.settings());
        // Those of the compose file and of the image.
        Pattern.compile("\\$\\{([A-Z_]+):-")
                .matcher(Project.text("docker-compose.yml") + Project.text("deploy/docker/signup-mailer"))
                .results()
                .forEach(match -> known.add(match.group(1)));

        assertThat(SETTING.matcher(page)
                        .results()
                        .map(match -> match.group(1))
                        .filter(name -> !name.equals("NO_RELAY") && !name.matches("SMTP_\\d")))
                .isNotEmpty()
                .isSubsetOf(known);
    }

    @Test
    void everyServiceAndFileExists() {
        JsonNode services = Project.yaml("docker-compose.yml").path("services");
        SERVICE.matcher(page).results().forEach(match -> {
            String first = match.group(1).strip().replaceFirst(" .*", "");
            assertThat(services.has(first)).as(match.group()).isTrue();
        });
        assertThat(MANIFEST.matcher(page).results().map(match -> Path.of(match.group())))
                .isNotEmpty()
                .allSatisfy(file -> assertThat(file).exists());
    }
}
