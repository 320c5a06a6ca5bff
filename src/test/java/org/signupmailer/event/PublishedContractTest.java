package org.signupmailer.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The code, the schemas, the AsyncAPI document and docs/events.md say the same. */
class PublishedContractTest {

    private static final Path RESOURCES = Path.of("src/main/resources");
    private static final Path SCHEMAS = RESOURCES.resolve("schemas");
    private static final Path ASYNCAPI = RESOURCES.resolve("asyncapi/signup-mailer.asyncapi.yaml");
    private static final Path GUIDE = Path.of("docs/events.md");
    private static final Set<String> SHARED = Set.of("cloudevent", "recipient");

    static Stream<Path> documents() throws IOException {
        return Stream.concat(schemaFiles().stream(), Stream.of(ASYNCAPI));
    }

    static List<Path> schemaFiles() throws IOException {
        try (Stream<Path> files = Files.list(SCHEMAS)) {
            return files.sorted().toList();
        }
    }

    @Test
    void everyTypeHasASchemaFileAndEverySchemaFileAType() throws Exception {
        Set<String> names = schemaFiles().stream()
                .map(file -> file.getFileName().toString().replace(".schema.json", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        names.removeAll(SHARED);

        assertThat(names).containsExactlyInAnyOrderElementsOf(EventType.typeNames());
    }

    @Test
    void sharedSchemaListsTheTypesInOrder() {
        List<String> listed = new ArrayList<>();
        Samples.schema("cloudevent").at("/properties/type/enum").forEach(type -> listed.add(type.textValue()));

        assertThat(listed).isEqualTo(EventType.typeNames());
    }

    @Test
    void schemaOfATypeHasTheFieldsThatTheCodeReads() {
        for (EventType type : EventType.values()) {
            JsonNode schema = Samples.schema(type.typeName());
            assertThat(schema.at("/properties/type/const").textValue()).isEqualTo(type.typeName());
            assertThat(fieldNames(schema.at("/properties/data/properties")))
                    .as(type.typeName())
                    .isEqualTo(Stream.of("code", "link", "invitedBy", "newEmail")
                            .filter(type::has)
                            .collect(Collectors.toSet()));
        }
        assertThat(fieldNames(Samples.schema("recipient").get("properties")))
                .containsExactlyInAnyOrder("email", "name", "locale", "expiresAt");
    }

    @ParameterizedTest
    @MethodSource("schemaFiles")
    void schemasAreValidAndExplainThemselves(Path file) throws Exception {
        JsonNode schema = Samples.JSON.readTree(file.toFile());
        Schema metaSchema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of(schema.get("$schema").textValue()));

        assertThat(metaSchema.validate(schema)).isEmpty();
        assertThat(schema.path("title").asText()).isNotBlank();
        assertThat(schema.path("description").asText()).isNotBlank();
        for (JsonNode properties : schema.findValues("properties")) {
            properties.properties().forEach(property -> assertThat(fieldNames(property.getValue()))
                    .as("%s %s", file.getFileName(), property.getKey())
                    .containsAnyOf("description", "$ref", "const", "properties"));
        }
    }

    @Test
    void examplesOfSingleFieldsKeepTheirOwnRules() throws Exception {
        SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
        int checked = 0;
        for (String name : SHARED) {
            for (JsonNode field : Samples.schema(name).findParents("examples")) {
                for (JsonNode example : field.get("examples")) {
                    assertThat(registry.getSchema(field).validate(example))
                            .as("%s", example)
                            .isEmpty();
                    checked++;
                }
            }
        }
        assertThat(checked).isPositive();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyReferenceResolves(Path file) throws Exception {
        List<String> references = tree(file).findValuesAsText("$ref");

        for (String reference : references) {
            int hash = reference.indexOf('#');
            String target = hash < 0 ? reference : reference.substring(0, hash);
            Path targetFile =
                    target.isEmpty() ? file : file.resolveSibling(target).normalize();
            assertThat(targetFile).as(reference).exists();
            String pointer = hash < 0 ? "" : reference.substring(hash + 1);
            assertThat(tree(targetFile).at(pointer).isMissingNode())
                    .as(reference)
                    .isFalse();
        }
        assertThat(file.endsWith("recipient.schema.json") || !references.isEmpty())
                .isTrue();
    }

    @Test
    void everyTypeIsAMessageThatRefersToItsSchema() throws Exception {
        JsonNode document = tree(ASYNCAPI);
        Map<String, String> schemaByName = new HashMap<>();
        document.at("/components/messages").forEach(message -> {
            JsonNode schema = message.at("/payload/schema/$ref");
            if (!schema.isMissingNode()) {
                schemaByName.put(message.get("name").textValue(), schema.textValue());
            }
        });

        assertThat(schemaByName)
                .isEqualTo(EventType.typeNames().stream()
                        .collect(Collectors.toMap(name -> name, name -> "../schemas/" + name + ".schema.json")));
        assertThat(document.get("asyncapi").textValue()).isEqualTo("3.0.0");
    }

    @Test
    void everyTypeTravelsOnEventAndRetryTopicsAndAllTopicsAreDescribed() throws Exception {
        JsonNode channels = tree(ASYNCAPI).get("channels");
        Set<String> addresses = new HashSet<>();
        for (JsonNode channel : channels) {
            String address = channel.get("address").textValue();
            addresses.add(address);
            assertThat(channel.at("/bindings/kafka/topic").textValue()).isEqualTo(address);
            if (address.equals("signup-events") || address.contains(".retry-")) {
                assertThat(channel.get("messages")).as(address).hasSize(EventType.values().length);
            }
        }

        assertThat(addresses)
                .containsExactlyInAnyOrder(
                        "signup-events",
                        "signup-events.retry-10s",
                        "signup-events.retry-1m",
                        "signup-events.retry-10m",
                        "signup-events.dead-letter",
                        "signup-mailer.deliveries");
    }

    @Test
    void sentencesNameTheLimitsOfTheSchemas() throws Exception {
        for (String name : SHARED) {
            JsonNode schema = Samples.schema(name);
            schema.get("properties").properties().forEach(property -> {
                JsonNode rules = property.getValue();
                String ref = rules.path("$ref").asText("");
                JsonNode limit = (ref.startsWith("#") ? schema.at(ref.substring(1)) : rules).path("maxLength");
                if (limit.isInt()) {
                    assertThat(Sentences.ruleOf("/" + property.getKey()).message())
                            .contains(limit.asText());
                }
            });
        }
        for (String field : List.of("code", "link")) {
            assertThat(Sentences.ruleOf("/data/" + field).message())
                    .contains(Samples.schema("recipient")
                            .at("/$defs/" + field + "/maxLength")
                            .asText());
        }
    }

    @Test
    void guideShowsOneReadableExamplePerType() throws Exception {
        Matcher blocks = Pattern.compile("```json\\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(GUIDE));
        EventReader reader = new EventReader();
        List<String> shown = new ArrayList<>();
        while (blocks.find()) {
            shown.add(reader.read(new RecordHeaders(), Samples.utf8(blocks.group(1)))
                    .type());
        }

        assertThat(shown).containsExactlyElementsOf(EventType.typeNames());
    }

    private static Set<String> fieldNames(JsonNode node) {
        Set<String> names = new HashSet<>();
        ((ObjectNode) node).fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static JsonNode tree(Path file) throws IOException {
        ObjectMapper mapper = file.toString().endsWith(".yaml") ? new YAMLMapper() : Samples.JSON;
        return mapper.readTree(file.toFile());
    }
}
