package org.signupmailer.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.signupmailer.SignupMailApplication;

/** The application as a process of its own, which can be killed. */
public final class MailerProcess implements AutoCloseable {

    private static final Pattern MANAGEMENT = Pattern.compile("Management: http://\\S+:(\\d+)/actuator/hawtio");

    private final Process process;
    // Not in a file: a test may limit how far the process's files grow.
    private final StringBuilder printed = new StringBuilder();
    private final Thread reader = new Thread(this::read, "terminal");

    private MailerProcess(Process process) {
        this.process = process;
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                print(line);
            }
        } catch (IOException e) {
            print("The process was cut off: " + e.getMessage());
        }
    }

    /**
     * Starts it with the settings of an application of this JVM, which is stopped or was only {@link Setup#prepare()
     * prepared} unless a command beside it is given.
     */
    public static MailerProcess start(SignupMailer mailer, String... command) {
        // Surefire may have put the class path into a jar of its own.
        String classPath = Optional.ofNullable(System.getProperty("surefire.test.class.path"))
                .orElseGet(() -> System.getProperty("java.class.path", ""));
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                classPath,
                SignupMailApplication.class.getName()));
        line.addAll(List.of(command));
        ProcessBuilder builder = new ProcessBuilder(line);
        Path folder = mailer.deadLetterFile().resolveSibling(".").toAbsolutePath();
        builder.environment().clear();
        builder.environment().putAll(mailer.settings());
        builder.environment().put("SPRING_CONFIG_LOCATION", "classpath:/application.yaml");
        builder.environment().put("MAILER_ENV_FILE", folder.resolve("no.env").toString());
        builder.directory(folder.toFile());
        try {
            return new MailerProcess(builder.redirectErrorStream(true).start());
        } catch (IOException e) {
            throw new UncheckedIOException("The process did not start", e);
        }
    }

    private void print(String line) {
        synchronized (printed) {
            printed.append(line).append('\n');
        }
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** What it has printed so far. */
    public String printed() {
        synchronized (printed) {
            return printed.toString();
        }
    }

    public void awaitPrinted(String text) {
        Awaitility.await("the process prints: " + text)
                .pollDelay(Duration.ZERO)
                .atMost(SignupMailer.PATIENCE)
                .until(() -> printed().contains(text));
    }

    /** The port on which its management listens, which opens some time after the start: waits for that. */
    public int managementPort() {
        awaitPrinted("/actuator/hawtio");
        Matcher told = MANAGEMENT.matcher(printed());
        assertThat(told.find()).as(printed()).isTrue();
        return Integer.parseInt(told.group(1));
    }

    /** What {@code kill -9} does. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(SignupMailer.PATIENCE);
    }

    /** What SIGTERM does; returns when it has ended and all that it printed is there. */
    public void terminate(Duration atMost) {
        // The process's own destroy() closes what it prints to as well.
        process.toHandle().destroy();
        awaitEnd(atMost);
    }

    private void awaitEnd(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("The process goes on after " + atMost + ":\n" + printed());
            }
            reader.join(SignupMailer.PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for the process", e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
