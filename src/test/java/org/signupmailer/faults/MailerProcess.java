package org.signupmailer.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.signupmailer.SignupMailApplication;
import org.signupmailer.testing.SignupMailer;

/** The application as a process of its own, which can be killed. */
final class MailerProcess implements AutoCloseable {

    private final Process process;
    // Not in a file: a test may limit how far the process's files grow.
    private final StringBuilder printed = new StringBuilder();

    private MailerProcess(Process process) {
        this.process = process;
        Thread reader = new Thread(this::read, "terminal");
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

    /** Starts it with the settings of an application of this JVM, which should be stopped. */
    static MailerProcess start(SignupMailer mailer) {
        // Surefire may have put the class path into a jar of its own.
        String classPath = Optional.ofNullable(System.getProperty("surefire.test.class.path"))
                .orElseGet(() -> System.getProperty("java.class.path", ""));
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-cp",
                classPath,
                SignupMailApplication.class.getName()));
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

    long pid() {
        return process.pid();
    }

    /** What it has printed so far. */
    String printed() {
        synchronized (printed) {
            return printed.toString();
        }
    }

    void awaitPrinted(String text) {
        Awaitility.await("the process prints: " + text)
                .pollDelay(Duration.ZERO)
                .atMost(Trial.PATIENCE)
                .until(() -> printed().contains(text));
    }

    /** What {@code kill -9} does. */
    void kill() {
        process.destroyForcibly();
        awaitEnd(Trial.PATIENCE);
    }

    /** What SIGTERM does; returns when it has ended. */
    void terminate(Duration atMost) {
        process.destroy();
        awaitEnd(atMost);
    }

    private void awaitEnd(Duration atMost) {
        try {
            if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError("The process goes on after " + atMost + ":\n" + printed());
            }
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
