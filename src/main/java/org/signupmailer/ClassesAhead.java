package org.signupmailer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Loads the classes of a start in the background, in the order in which it needs them. They are found, unpacked and read
 * while the thread that starts the application does something else, which otherwise spends two fifths of its time on that.
 * See decision 0017.
 *
 * <p>Their names are in the jar alone: the image has an archive of them, and a development run is in no hurry.
 */
final class ClassesAhead {

    private static final String NAMES = "/classes-of-a-start.txt";

    private ClassesAhead() {}

    /** Begins, if there is a list, and returns at once. */
    static void begin() {
        InputStream names = ClassesAhead.class.getResourceAsStream(NAMES);
        if (names == null) {
            return;
        }
        Thread thread = new Thread(() -> load(names, ClassesAhead.class.getClassLoader()), "classes-ahead");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Loads what has these names, one in each line, and initializes nothing, so that nothing happens earlier than it would
     * by itself. A name that cannot be loaded is left to who needs it.
     */
    static void load(InputStream names, @Nullable ClassLoader loader) {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(names, StandardCharsets.UTF_8))) {
            for (String name = lines.readLine(); name != null; name = lines.readLine()) {
                try {
                    Class.forName(name, false, loader);
                } catch (ClassNotFoundException | LinkageError e) {
                    // The list may be older than the libraries; a logger would be loaded here before its time.
                }
            }
        } catch (IOException e) {
            LoggerFactory.getLogger(ClassesAhead.class).debug("Not all classes were loaded ahead", e);
        }
    }
}
