package org.signupmailer.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The check from the command line, where neither Kafka nor a relay is. */
class CheckRoutesCommandTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void shipped() throws IOException {
        BrokenEdit.shipped(folder);
    }

    @Test
    void theShippedRoutesWouldBeAccepted() {
        assertThat(run("--mailer.relays.primary.host=127.0.0.1", "--mailer.relays.primary.from=a@shop.example"))
                .isZero();
        assertThat(out.toString())
                .contains("These routes would be accepted: 4 files in " + folder)
                .doesNotContain("No relay is configured");
    }

    @Test
    void withoutRelaysSettingsTheirNamesAreNotChecked() throws IOException {
        edit("relays", "#relay-tertiary", "#relay-tertiary");

        assertThat(run()).isZero();
        assertThat(out.toString()).contains("No relay is configured here, so the names of relays were not checked.");
    }

    @Test
    void aBrokenFolderIsToldLineByLineWithExitCode1() throws IOException {
        edit("relays", "uri: smtp:primary", "uri: smpt:primary");

        assertThat(run()).isEqualTo(1);
        assertThat(out.toString())
                .startsWith(folder.resolve("relays.camel.yaml")
                        + ":47:18: there is no component \"smpt\"; did you mean \"smtp\"?")
                .contains("These routes would be refused: 1 thing is wrong.");
    }

    @Test
    void aFolderThatIsNotThereIsToldInOneSentence() {
        folder = folder.resolve("gone");

        assertThat(run()).isEqualTo(1);
        assertThat(err.toString()).contains("but there is no such folder");
    }

    @Test
    void wrongUsageIsExitCode2() {
        assertThat(run("--format", "xml")).isEqualTo(2);
        assertThat(run("--fast")).isEqualTo(2);
    }

    @Test
    void sarifNamesRuleFileAndPlace() throws IOException {
        edit("relays", "uri: smtp:primary", "uri: smpt:primary");

        assertThat(run("--format", "sarif")).isEqualTo(1);

        JsonNode root = new ObjectMapper().readTree(out.toString());
        assertThat(root.path("version").asText()).isEqualTo("2.1.0");
        JsonNode result = root.at("/runs/0/results/0");
        assertThat(result.path("ruleId").asText()).isEqualTo("component-unknown");
        assertThat(result.path("level").asText()).isEqualTo("error");
        assertThat(result.at("/locations/0/physicalLocation/region/startLine").asInt())
                .isEqualTo(47);
        assertThat(result.at("/locations/0/physicalLocation/artifactLocation/uri")
                        .asText())
                .endsWith("relays.camel.yaml");
        assertThat(root.at("/runs/0/tool/driver/rules/0/id").asText()).isEqualTo("component-unknown");
    }

    @Test
    void jsonIsAListThatIsEmptyWhenNothingIsWrong() throws IOException {
        assertThat(run("--format", "json")).isZero();
        assertThat(new ObjectMapper().readTree(out.toString()).isArray()).isTrue();
    }

    private void edit(String name, String from, String to) throws IOException {
        Path file = folder.resolve(name + ".camel.yaml");
        Files.writeString(file, Files.readString(file).replace(from, to));
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add(folder.toString());
        all.add("--mailer.env-file=" + folder.resolve("no.env"));
        return new CommandLine(new CheckRoutesCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
