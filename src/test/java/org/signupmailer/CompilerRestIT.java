package org.signupmailer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.signupmailer.intake.LoadChanged;
import org.springframework.context.PayloadApplicationEvent;

/** The compiler is the whole JVM's; the other tests' JVM has none to rest. */
@Isolated
class CompilerRestIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FIRST_COMPILER_FOR_GOOD = 1;
    private static final int SECOND_COMPILER = 4;

    private final CompilerRest rest = new CompilerRest();

    @TempDir
    private Path directory;

    @BeforeEach
    @AfterEach
    void nothingIsAdvised() throws Exception {
        // Another test may have served in this JVM.
        CompilerAdvice.ask("compilerDirectivesClear");
    }

    @Test
    void theSecondCompilerRestsWhileThereIsLittleToDoAndGoesOnWhenThereIsMuch() throws Exception {
        tell("signup-events", true);
        await().atMost(PATIENCE).until(CompilerRestIT::rests);
        assertThat(levelsUntil(FIRST_COMPILER_FOR_GOOD, "whileItRests", CompilerRestIT::whileItRests))
                .doesNotContain(SECOND_COMPILER);

        tell("signup-events", false);
        await().atMost(PATIENCE).until(() -> !rests());
        levelsUntil(SECOND_COMPILER, "afterwards", CompilerRestIT::afterwards);
        assertThat(directives()).as("the advice of a start").contains("org/apache/kafka/*.*");
    }

    @Test
    void doesNotRestWhileOneOfTwoTopicsHasMuchToDo() throws Exception {
        tell("one", false);
        tell("other", true);
        assertThat(rests()).isFalse();

        tell("one", true);
        await().atMost(PATIENCE).until(CompilerRestIT::rests);

        tell("other", false);
        await().atMost(PATIENCE).until(() -> !rests());
    }

    private void tell(String topic, boolean light) {
        rest.onApplicationEvent(new PayloadApplicationEvent<>(this, new LoadChanged(topic, light)));
    }

    private static boolean rests() throws Exception {
        // The one for all methods that is always there excludes nothing.
        return directives().split("matching: \\*\\.\\*\\s", -1).length > 2;
    }

    private static String directives() throws Exception {
        return CompilerAdvice.ask("compilerDirectivesPrint");
    }

    /** Calls it until it is compiled at that level, and returns all levels at which it was. */
    private List<Integer> levelsUntil(int level, String method, IntUnaryOperator calls) throws Exception {
        List<Integer> levels = new ArrayList<>();
        Path file = directory.resolve(method + ".jfr");
        try (Recording recording = new Recording()) {
            recording.enable("jdk.Compilation").withoutThreshold();
            recording.start();
            await("compiled at level " + level).atMost(PATIENCE).until(() -> {
                int sum = 0;
                for (int i = 0; i < 20_000; i++) {
                    sum += calls.applyAsInt(i);
                }
                assertThat(sum).isNotZero();
                Files.deleteIfExists(file);
                recording.dump(file);
                levels.clear();
                for (RecordedEvent event : RecordingFile.readAllEvents(file)) {
                    RecordedMethod compiled = event.getValue("method");
                    if (compiled != null && compiled.getName().equals(method)) {
                        levels.add((int) event.getShort("compileLevel"));
                    }
                }
                return levels.contains(level);
            });
        }
        return levels;
    }

    // Each is compiled once, so there are two; too long to be taken into their caller by the first compiler.
    private static int whileItRests(int value) {
        String text = Integer.toString(value, 7);
        int hash = value % 3;
        for (int i = 0; i < text.length(); i++) {
            hash = hash * 31 + (text.charAt(i) ^ value);
        }
        return hash;
    }

    private static int afterwards(int value) {
        String text = Integer.toString(value, 5);
        int hash = value % 3;
        for (int i = 0; i < text.length(); i++) {
            hash = hash * 31 + (text.charAt(i) ^ value);
        }
        return hash;
    }
}
