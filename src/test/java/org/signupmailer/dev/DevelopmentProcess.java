package org.signupmailer.dev;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The development run as its users have it: a process of its own, with an exit code and a terminal. */
final class DevelopmentProcess implements AutoCloseable {

    private final Process process;
    private final Path terminal;

    private DevelopmentProcess(Process process, Path terminal) {
        this.process = process;
        this.terminal = terminal;
    }

    /** Starts it with these environment variables; what it prints goes to a file in this directory, which is its
     * temporary directory too. */
    static DevelopmentProcess start(Path directory, Map<String, String> environment) throws IOException {
        String java =
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
        // Surefire may have put the class path into a jar of its own.
        String classPath = Optional.ofNullable(System.getProperty("surefire.test.class.path"))
                .orElseGet(() -> System.getProperty("java.class.path", ""));
        ProcessBuilder builder = new ProcessBuilder(List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + directory,
                "-Dstdout.encoding=UTF-8",
                "-Dsun.stdout.encoding=UTF-8",
                "-cp",
                classPath,
                DevelopmentRun.class.getName()));
        builder.environment().keySet().removeIf(name -> name.startsWith("DEV_") || name.startsWith("SMTP_"));
        builder.environment().putAll(environment);
        Path terminal = directory.resolve("terminal.txt");
        builder.redirectErrorStream(true).redirectOutput(terminal.toFile());
        return new DevelopmentProcess(builder.start(), terminal);
    }

    String printed() {
        try {
            return Files.readString(terminal, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    /** What Ctrl-C does. */
    void interrupt() {
        process.destroy();
    }

    boolean hasEnded() {
        return !process.isAlive();
    }

    /** The exit code; fails with what was printed when the process goes on for longer than that. */
    int awaitExit(Duration atMost) throws InterruptedException {
        if (!process.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("The development run goes on after " + atMost + ":\n" + printed());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
