package org.signupmailer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The Dockerfile, held to the project, since it can't be built without an engine. */
class DockerfileTest {

    private static final Pattern PINNED_JAVA =
            Pattern.compile("eclipse-temurin:(\\d+\\.\\d+\\.\\d+_\\d+)-(jdk|jre)-[a-z]+");

    /** One instruction a line, without comments. */
    private final List<String> instructions = Project.text("Dockerfile")
            .replaceAll("(?m)^#.*\n", "")
            .replace("\\\n", " ")
            .lines()
            .filter(line -> !line.isBlank())
            .map(line -> line.replaceAll("\\s+", " "))
            .toList();

    @Test
    void buildsAndRunsWithTheSamePinnedJava() {
        List<String> versions = arguments("FROM").stream()
                .map(image -> image.replaceFirst(" .*", ""))
                .map(PINNED_JAVA::matcher)
                .peek(matcher -> assertThat(matcher.matches()).isTrue())
                .map(matcher -> matcher.group(1))
                .toList();

        assertThat(versions).hasSize(2);
        assertThat(versions.get(0)).isEqualTo(versions.get(1));
    }

    @Test
    void whatIsCopiedIsInTheProjectAndNotIgnored() {
        List<String> allowed = Project.text(".dockerignore")
                .lines()
                .filter(line -> line.startsWith("!"))
                .map(line -> line.substring(1))
                .toList();
        List<String> copied = new ArrayList<>();
        for (String copy : arguments("COPY")) {
            if (!copy.startsWith("--from=")) {
                List<String> paths = List.of(copy.split(" ", -1));
                copied.addAll(paths.subList(0, paths.size() - 1));
            }
        }

        assertThat(copied).containsExactlyInAnyOrderElementsOf(allowed);
        assertThat(copied).allSatisfy(path -> assertThat(Path.of(path)).exists());
    }

    @Test
    void takesTheJarThatTheBuildMakes() {
        assertThat(Project.text("pom.xml")).contains("<finalName>signup-mailer</finalName>");
        // Without the profile it is one flat jar, which has no layers.
        assertThat(Project.text("pom.xml")).contains("<id>image</id>");
        assertThat(instructions).anyMatch(line -> line.contains("./mvnw -q -B package -Pimage "));
        assertThat(instructions).anyMatch(line -> line.contains("-jar target/signup-mailer.jar extract --layers"));
        assertThat(Project.text("deploy/docker/signup-mailer")).contains("-jar /app/signup-mailer.jar ");
    }

    @Test
    void runsAsANumberThatIsNotRootAndWritesOnlyTheDeadLetterLog() {
        assertThat(arguments("USER")).containsExactly("10001:10001");
        assertThat(arguments("VOLUME"))
                .containsExactly("/app/"
                        + Path.of(Project.defaultOf("MAILER_DEAD_LETTER_FILE")).getParent());
        assertThat(arguments("WORKDIR").get(1)).isEqualTo("/app");
    }

    @Test
    void listensWhereItIsAskedForItsHealth() {
        String port = Project.defaultOf("MANAGEMENT_PORT");

        assertThat(arguments("EXPOSE")).containsExactly(port);
        assertThat(Project.text("deploy/docker/healthy")).contains("${MANAGEMENT_PORT:-" + port + "}");
        assertThat(arguments("ENV").get(0)).contains("MANAGEMENT_ADDRESS=0.0.0.0");
    }

    @Test
    void everyScriptThatIsCalledIsThereAndMayBeRun() {
        assertThat(arguments("ENTRYPOINT")).containsExactly("[\"signup-mailer\"]");
        assertThat(arguments("HEALTHCHECK")).singleElement().asString().endsWith(" CMD [\"healthy\"]");
        assertThat(instructions).anyMatch(line -> line.startsWith("RUN bin/train "));
        for (String script : List.of("signup-mailer", "healthy", "train", "login")) {
            Path file = Path.of("deploy/docker", script);
            assertThat(Files.isExecutable(file)).as(script).isTrue();
            Tool.run(Project.text(file.toString()).startsWith("#!/bin/bash") ? "bash" : "sh", "-n", file.toString())
                    .succeeds();
        }
    }

    @Test
    void theSameOptionsTrainAndRun() {
        assertThat(Project.text("deploy/docker/signup-mailer")).contains("java @/app/bin/java.options ");
        assertThat(Project.text("deploy/docker/java.options"))
                .containsOnlyOnce("\n-XX:AOTCache=/app/signup-mailer.aot\n");
        assertThat(Project.text("deploy/docker/train"))
                .contains("s/^-XX:AOTCache=/-XX:AOTCacheOutput=/' bin/java.options");
    }

    private List<String> arguments(String instruction) {
        return instructions.stream()
                .filter(line -> line.startsWith(instruction + " "))
                .map(line -> line.substring(instruction.length() + 1))
                .toList();
    }
}
