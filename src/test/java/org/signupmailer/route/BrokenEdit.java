package org.signupmailer.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** One edit of the corpus: what somebody does to the shipped routes, and what must be said. */
record BrokenEdit(String kind, JsonNode json) {

    private static final Path CORPUS = Path.of("src/test/resources/broken-edits");

    static List<BrokenEdit> all() throws IOException {
        List<BrokenEdit> all = new ArrayList<>();
        try (Stream<Path> kinds = Files.list(CORPUS)) {
            for (Path file : kinds.sorted().toList()) {
                String kind = file.getFileName().toString().replace(".yaml", "");
                new YAMLMapper().readTree(file.toFile()).forEach(edit -> all.add(new BrokenEdit(kind, edit)));
            }
        }
        return all;
    }

    /** Copies the shipped routes. */
    static void shipped(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            for (Path file : files.filter(file -> file.toString().endsWith(RouteFiles.ENDING))
                    .toList()) {
                Files.write(folder.resolve(file.getFileName().toString()), Files.readAllBytes(file));
            }
        }
    }

    /** Does it, in a folder with the shipped routes. */
    void apply(Path folder) throws IOException {
        Path file = folder.resolve(json.path("file").asText());
        if (json.has("content")) {
            Files.writeString(file, json.path("content").asText());
        } else if (json.has("bytes")) {
            Files.write(file, HexFormat.of().parseHex(json.path("bytes").asText()));
        } else if (json.has("delete")) {
            Files.delete(file);
        } else if (json.has("rename")) {
            Files.move(file, folder.resolve(json.path("rename").asText()));
        } else {
            String text = Files.readString(file);
            String from = json.path("replace").asText();
            if (!text.contains(from)) {
                throw new IllegalStateException(this + " does not fit " + file);
            }
            Files.writeString(file, text.replace(from, json.path("with").asText()));
        }
    }

    /** Each line that must be said, in this order; paths without the folder. */
    List<String> says() {
        List<String> says = new ArrayList<>();
        json.path("says").forEach(line -> says.add(line.asText()));
        return says;
    }

    @Override
    public String toString() {
        return kind + ": " + json.path("edit").asText();
    }
}
