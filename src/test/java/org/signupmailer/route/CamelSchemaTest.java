package org.signupmailer.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped routes are what Camel's published schema allows, in the canonical form that Kaoto writes. */
class CamelSchemaTest {

    private static final Schema SCHEMA = schema();

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.filter(file -> file.toString().endsWith(RouteFiles.ENDING)).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void aShippedFileIsValidByCamelsSchema(Path file) throws IOException {
        JsonNode content = new YAMLMapper().readTree(file.toFile());

        assertThat(SCHEMA.validate(new ObjectMapper().writeValueAsString(content), InputFormat.JSON))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void noStepIsInTheShortFormThatKaotoWouldRewrite(Path file) throws IOException {
        Written written = new Written();
        Findings findings = new Findings(RouteFiles.read(Path.of("routes")));
        String name = file.getFileName().toString();
        written.add(name, Objects.requireNonNull(new FormRules(findings).read(name, Files.readAllBytes(file))));

        assertThat(written.steps()).isNotEmpty().allSatisfy(step -> {
            assertThat(Yaml.entries(step.body())).as(step.kind()).isNotEmpty();
            assertThat(Yaml.text(step.uri()))
                    .as("parameters stand below parameters:")
                    .satisfiesAnyOf(uri -> assertThat(uri).isNull(), uri -> assertThat(uri)
                            .doesNotContain("?"));
        });
    }

    private static Schema schema() {
        try (InputStream in = CamelSchemaTest.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4)
                    .getSchema(new String(in.readAllBytes(), StandardCharsets.UTF_8), InputFormat.JSON);
        } catch (IOException e) {
            throw new UncheckedIOException("Camel's schema can't be read", e);
        }
    }
}
