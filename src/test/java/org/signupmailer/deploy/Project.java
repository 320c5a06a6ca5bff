package org.signupmailer.deploy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The project's files, and what they say of the application. */
final class Project {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final Pattern SETTING = Pattern.compile("(?m)^#?([A-Z][A-Z0-9_]*)=");

    private Project() {}

    static String text(String file) {
        try {
            return Files.readString(Path.of(file));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be read", e);
        }
    }

    /** A YAML or JSON file of one document. */
    static JsonNode yaml(String file) {
        List<JsonNode> all = documents(file);
        if (all.size() != 1) {
            throw new AssertionError(file + " has " + all.size() + " documents");
        }
        return all.get(0);
    }

    static List<JsonNode> documents(String file) {
        try (JsonParser parser = YAML.getFactory().createParser(text(file))) {
            List<JsonNode> documents = new ArrayList<>();
            YAML.readValues(parser, JsonNode.class).forEachRemaining(documents::add);
            return documents;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " is not YAML", e);
        }
    }

    static List<Path> files(String folder) {
        try (Stream<Path> files = Files.walk(Path.of(folder))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " can't be read", e);
        }
    }

    /** Every setting with a short name: .env.example has them all, which EnvironmentFileTest sees to. */
    static Set<String> settings() {
        return SETTING.matcher(text(".env.example"))
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The default of a setting, as application.yaml has it. */
    static String defaultOf(String setting) {
        Matcher matcher =
                Pattern.compile("\\$\\{" + setting + ":([^}]*)}").matcher(text("src/main/resources/application.yaml"));
        if (!matcher.find()) {
            throw new AssertionError("application.yaml has no default for " + setting);
        }
        return matcher.group(1);
    }

    static Stream<JsonNode> each(JsonNode list) {
        return list.valueStream();
    }

    static List<String> texts(JsonNode list) {
        return list.isTextual()
                ? List.of(list.textValue())
                : each(list).map(JsonNode::asText).toList();
    }
}
