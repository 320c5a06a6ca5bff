package org.signupmailer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.kafka.EmbeddedKafka;
import org.signupmailer.testing.kafka.FreePorts;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/**
 * The list of classes that the jar loads ahead is what a start loads until its first mail. With {@code
 * -Dclasses-ahead.renew} it is made anew.
 */
@Execution(ExecutionMode.CONCURRENT)
class ClassesAheadIT {

    private static final Path LIST = Path.of("src/main/jar/classes-of-a-start.txt");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** One of the jar's own; what is spun at run time has a slash or no name there. */
    private static final Pattern LOADED =
            Pattern.compile("^([\\w.$]+) source: file:\\S*signup-mailer\\.jar$", Pattern.MULTILINE);

    @TempDir
    private Path folder;

    @Test
    void theListHasWhatAStartLoads() throws Exception {
        Set<String> loaded = loadedUntilTheFirstMail();
        assertThat(loaded).contains("org.signupmailer.SignupMailApplication", "org.apache.camel.Exchange");
        if (System.getProperty("classes-ahead.renew") != null) {
            Files.write(LIST, loaded);
        }
        List<String> listed = Files.readAllLines(LIST);

        // Each update of a library changes some, and the others are what counts.
        assertThat(share(loaded, listed))
                .as("share of what a start loads that " + LIST + " has. Make it anew: ./mvnw verify"
                        + " -Dtest=ClassesAheadTest -Dit.test=ClassesAheadIT -Dclasses-ahead.renew")
                .isGreaterThan(0.9);
    }

    @Test
    void theJarHasTheListAndWhatItNames() throws IOException {
        List<String> listed = Files.readAllLines(LIST);
        try (JarFile jar = new JarFile(PackagedJar.PATH.toFile())) {
            assertThat(jar.getEntry("classes-of-a-start.txt")).isNotNull();
            assertThat(listed)
                    .filteredOn(name -> jar.getEntry(name.replace('.', '/') + ".class") == null)
                    .as("classes of the list that no longer are")
                    .hasSizeLessThan(listed.size() / 20);
        }
    }

    private static double share(Set<String> loaded, List<String> listed) {
        Set<String> known = Set.copyOf(listed);
        return (double) loaded.stream().filter(known::contains).count() / loaded.size();
    }

    private Set<String> loadedUntilTheFirstMail() throws Exception {
        Path log = folder.resolve("loaded");
        // Found before that of the jar, so that what is loaded is what is needed.
        Path without = Files.createDirectory(folder.resolve("without"));
        Files.writeString(without.resolve("classes-of-a-start.txt"), "");
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            TestEvent event = TestEvents.verificationCode();
            kafka.createTopic("signup-events", 1);
            kafka.publishBytes("signup-events", event.key(), event.value(), event.headers());
            Process serving = PackagedJar.java(
                    folder,
                    PackagedJar.settings(kafka, smtp, FreePorts.any()),
                    folder.resolve("output"),
                    List.of(
                            "-Xlog:class+load:file=" + log + ":none",
                            "-cp",
                            without + File.pathSeparator + PackagedJar.PATH,
                            "org.signupmailer.SignupMailApplication"));
            try {
                smtp.awaitMails(1, PATIENCE);
                return names(Files.readString(log));
            } finally {
                serving.destroy();
                assertThat(serving.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            }
        }
    }

    private static Set<String> names(String log) {
        Set<String> names = new LinkedHashSet<>();
        Matcher line = LOADED.matcher(log);
        while (line.find()) {
            names.add(line.group(1));
        }
        return names;
    }
}
