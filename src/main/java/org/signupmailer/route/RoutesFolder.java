package org.signupmailer.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.signupmailer.settings.SettingException;

/** The folder in which operators keep the routes. */
final class RoutesFolder {

    private static final String ENDING = ".camel.yaml";

    private final Path folder;

    RoutesFolder(Path folder) {
        this.folder = folder;
    }

    /**
     * The route files, sorted by name.
     *
     * @throws SettingException when there is no such folder or nothing in it
     */
    List<Path> files() {
        if (!Files.isDirectory(folder)) {
            throw new SettingException("MAILER_ROUTES_DIR is \"" + folder + "\", but there is no such folder in "
                    + Path.of("").toAbsolutePath() + "; name the folder that holds the *" + ENDING
                    + " files, such as the routes folder that ships with signup-mailer.");
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.getFileName().toString().endsWith(ENDING))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new SettingException("MAILER_ROUTES_DIR is \"" + folder
                    + "\", which can't be read; let the user of signup-mailer read it.");
        }
        if (files.isEmpty()) {
            throw new SettingException("MAILER_ROUTES_DIR is \"" + folder + "\", but no file in it ends in " + ENDING
                    + "; without routes no mail would be sent, so copy the shipped ones there.");
        }
        return files;
    }
}
