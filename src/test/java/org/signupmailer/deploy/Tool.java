package org.signupmailer.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program of the machine or a script of the project, run to its end. */
final class Tool {

    private static final long PATIENCE_SECONDS = 60;

    private final int code;
    private final String output;

    private Tool(int code, String output) {
        this.code = code;
        this.output = output;
    }

    /** Skips the test, and says why, where there is no such program. */
    static void require(String program, String debianPackage) {
        boolean there = List.of(System.getenv("PATH").split(File.pathSeparator)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        assumeTrue(
                there,
                "There is no " + program + " on the PATH, so this was not checked; on Debian: apt-get install "
                        + debianPackage);
    }

    static Tool run(Map<String, String> environment, String... command) {
        try {
            Path output = Files.createTempFile("tool", ".txt");
            try {
                ProcessBuilder builder =
                        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                process.getOutputStream().close();
                if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new AssertionError(String.join(" ", command) + " goes on after " + PATIENCE_SECONDS + " s");
                }
                return new Tool(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(String.join(" ", command) + " did not run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + command[0], e);
        }
    }

    static Tool run(String... command) {
        return run(Map.of(), command);
    }

    Tool succeeds() {
        assertThat(code).as(output).isZero();
        return this;
    }

    int code() {
        return code;
    }

    String output() {
        return output;
    }
}
