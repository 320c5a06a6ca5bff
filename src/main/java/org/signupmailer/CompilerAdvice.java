package org.signupmailer;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Java's second compiler what not to compile: what is deep and hardly earns it back, such as Kafka's clients, and
 * what only a start needs. It would take a core for the first minute, while what each mail runs through waits for its turn.
 * The first compiler's code does for these. See decision 0012.
 *
 * <p>Source: JEP 165, as {@code jcmd Compiler.directives_add} does it. On a Java without it nothing happens.
 */
final class CompilerAdvice {

    private static final Logger LOG = LoggerFactory.getLogger(CompilerAdvice.class);
    private static final String DIRECTIVES = "/compiler-directives.json";
    private static final String REST = "/compiler-rest.json";

    private CompilerAdvice() {}

    /** Gives it in the background, and returns at once. */
    static void begin() {
        Thread thread = new Thread(CompilerAdvice::give, "compiler-advice");
        thread.setDaemon(true);
        thread.start();
    }

    /** Gives it; whatever fails costs time alone. */
    static void give() {
        try {
            add(DIRECTIVES);
        } catch (IOException | JMException | RuntimeException e) {
            LOG.debug("Java's compiler was not advised; it compiles everything", e);
        }
    }

    /**
     * Tells the second compiler to leave everything that it has not compiled yet, or ends that. What becomes due meanwhile
     * stays with the first compiler for good; whatever fails costs time alone.
     */
    static void rest(boolean rest) {
        try {
            if (rest) {
                add(REST);
            } else {
                // The latest is not known to be ours, so all go, and the advice is given anew.
                ask("compilerDirectivesClear");
                add(DIRECTIVES);
            }
        } catch (IOException | JMException | RuntimeException e) {
            LOG.debug("Java's second compiler was not told to {}", rest ? "rest" : "go on", e);
        }
    }

    private static void add(String name) throws IOException, JMException {
        try (InputStream directives = CompilerAdvice.class.getResourceAsStream(name)) {
            if (directives == null) {
                throw new IOException(name + " is not there");
            }
            Path file = Files.createTempFile("signup-mailer-compiler", ".json");
            try {
                Files.copy(directives, file, StandardCopyOption.REPLACE_EXISTING);
                String answer = ask("compilerDirectivesAdd", file.toString());
                LOG.debug("Java's compiler says to {}: {}", name, answer);
            } finally {
                Files.delete(file);
            }
        }
    }

    /** Runs a diagnostic command of this Java, and returns what it says. */
    static String ask(String command, String... arguments) throws JMException {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        return (String) server.invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                command,
                new Object[] {arguments},
                new String[] {String[].class.getName()});
    }
}
