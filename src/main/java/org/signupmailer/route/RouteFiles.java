package org.signupmailer.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;

/** The contents of the operators' folder at one moment; equal when the contents are. */
final class RouteFiles {

    static final String ENDING = ".camel.yaml";

    private final Path folder;
    private final SortedMap<String, byte[]> contents;
    private final List<String> others;

    private RouteFiles(Path folder, SortedMap<String, byte[]> contents, List<String> others) {
        this.folder = folder;
        this.contents = contents;
        this.others = others;
    }

    /**
     * Reads the route files. Names that begin with a dot are left out: they are files of editors and of Kubernetes.
     *
     * @throws SettingException when there is no such folder, nothing in it, or something that can't be read
     */
    static RouteFiles read(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new SettingException("MAILER_ROUTES_DIR is \"" + folder + "\", but there is no such folder in "
                    + Path.of("").toAbsolutePath() + "; name the folder that holds the *" + ENDING
                    + " files, such as the routes folder that ships with signup-mailer.");
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new SettingException("MAILER_ROUTES_DIR is \"" + folder
                    + "\", which can't be read; let the user of signup-mailer read it.");
        }
        SortedMap<String, byte[]> contents = new TreeMap<>();
        for (Path file : files) {
            if (file.toString().endsWith(ENDING)) {
                try {
                    contents.put(file.getFileName().toString(), Files.readAllBytes(file));
                } catch (IOException e) {
                    throw new SettingException("the routes file " + file
                            + " can't be read; let the user of signup-mailer read it, or take it out of"
                            + " MAILER_ROUTES_DIR.");
                }
            }
        }
        if (contents.isEmpty()) {
            throw new SettingException("MAILER_ROUTES_DIR is \"" + folder + "\", but no file in it ends in " + ENDING
                    + "; without routes no mail would be sent, so copy the shipped ones there.");
        }
        List<String> others = files.stream()
                .map(file -> file.getFileName().toString())
                .filter(name -> !name.endsWith(ENDING) && (name.endsWith(".yaml") || name.endsWith(".yml")))
                .toList();
        return new RouteFiles(folder, contents, others);
    }

    Path folder() {
        return folder;
    }

    /** File name to content, sorted by name. */
    SortedMap<String, byte[]> contents() {
        return contents;
    }

    /** YAML files that are not read, because of their names. */
    List<String> others() {
        return others;
    }

    /** As operators know it. */
    String path(String name) {
        return folder.resolve(name).toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RouteFiles files
                && contents.keySet().equals(files.contents.keySet())
                && contents.entrySet().stream()
                        .allMatch(file -> Arrays.equals(file.getValue(), files.contents.get(file.getKey())));
    }

    @Override
    public int hashCode() {
        int hash = 0;
        for (var file : contents.entrySet()) {
            hash = 31 * hash + Objects.hash(file.getKey(), Arrays.hashCode(file.getValue()));
        }
        return hash;
    }
}
