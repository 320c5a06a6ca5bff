package org.signupmailer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.kafka.EmbeddedKafka;
import org.signupmailer.testing.kafka.FreePorts;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** The jar as it is handed out: what libraries find by name is still found when all of them are in one jar. */
@Execution(ExecutionMode.CONCURRENT)
class PackagedJarIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @Test
    void anEventIsMailedHawtioIsThereAndNothingIsWarnedOf() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            int port = FreePorts.any();
            Map<String, String> settings = PackagedJar.settings(kafka, smtp, port);
            Path output = folder.resolve("output");
            Process serving = java(settings, output);
            try {
                awaitReady(port);
                Path told = folder.resolve("published");
                Process publishing = java(
                        settings,
                        told,
                        "publish",
                        "signup.verification-code",
                        "--to",
                        "ann@example.com",
                        "--code",
                        "654321",
                        "--wait");
                assertThat(publishing.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();

                assertThat(Files.readString(told)).contains("Accepted by primary (1 attempt).");
                assertThat(smtp.mails()).singleElement().satisfies(mail -> assertThat(
                                mail.asMimeMessage().getSubject())
                        .contains("654321"));
                assertThat(get(port, "/actuator/prometheus", PackagedJar.PASSWORD)
                                .body())
                        .contains("mailer_");
                assertThat(get(port, "/actuator/hawtio/index.html", PackagedJar.PASSWORD)
                                .body())
                        .contains("<html");
                assertThat(get(port, "/actuator/hawtio/index.html", "wrong").statusCode())
                        .isEqualTo(401);
                assertThat(Files.readString(output)).doesNotContain(" WARN ", " ERROR ", "WARNING");
            } finally {
                serving.destroy();
                assertThat(serving.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            }
        }
    }

    @Test
    void javasSecondCompilerRestsWhileThereIsLittleToDoAndGoesOnWhenEventsWait() throws Exception {
        CountDownLatch enough = new CountDownLatch(1);
        try (EmbeddedKafka kafka = EmbeddedKafka.start();
                ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
            smtp.on(Phase.DATA_END).holdUntil(enough);
            Map<String, String> settings = new HashMap<>(PackagedJar.settings(kafka, smtp, FreePorts.any()));
            settings.put("MAILER_READ_AHEAD", "500");
            Process serving = java(settings, folder.resolve("output"));
            try {
                Awaitility.await("it rests").atMost(PATIENCE).until(() -> rests(serving));

                // More than are read ahead; none of them ends.
                for (int i = 0; i < 600; i++) {
                    TestEvent event = TestEvents.verificationCode();
                    kafka.publishBytes("signup-events", event.key(), event.value(), event.headers());
                }
                Awaitility.await("it goes on").atMost(PATIENCE).until(() -> !rests(serving));
            } finally {
                enough.countDown();
                serving.destroy();
                assertThat(serving.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                        .isTrue();
            }
        }
    }

    private boolean rests(Process serving) throws Exception {
        Path said = folder.resolve("directives");
        Process jcmd = new ProcessBuilder(
                        Path.of(System.getProperty("java.home", ""), "bin", "jcmd")
                                .toString(),
                        String.valueOf(serving.pid()),
                        "Compiler.directives_print")
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(jcmd.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        // The one for all methods that is always there excludes nothing.
        return Files.readString(said).split("matching: \\*\\.\\*\\s", -1).length > 2;
    }

    @Test
    void itSaysItsVersion() throws Exception {
        Path output = folder.resolve("output");

        assertThat(java(Map.of(), output, "--version").waitFor()).isZero();

        assertThat(Files.readString(output).strip()).matches("signup-mailer \\d+\\.\\d+\\.\\d+\\S*");
    }

    // Of those of which there are several, each has to be in it.
    @Test
    void licencesAndNoticesOfTheLibrariesAreInIt() throws IOException {
        try (JarFile jar = new JarFile(PackagedJar.PATH.toFile())) {
            assertThat(text(jar, "LICENSE")).contains("Apache License");
            assertThat(text(jar, "META-INF/LICENSE.md")).contains("Eclipse Public License");
            assertThat(text(jar, "META-INF/NOTICE.txt")).contains("Apache Camel", "Spring Boot");
            assertThat(text(jar, "META-INF/NOTICE")).contains("Jackson", "Apache Log4j API");
        }
    }

    private static String text(JarFile jar, String name) throws IOException {
        try (var in = jar.getInputStream(jar.getJarEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Process java(Map<String, String> settings, Path output, String... arguments) throws IOException {
        List<String> jar = new ArrayList<>(List.of("-jar", PackagedJar.PATH.toString()));
        jar.addAll(List.of(arguments));
        return PackagedJar.java(folder, settings, output, jar);
    }

    private static void awaitReady(int port) {
        Awaitility.await("the management port says that it is ready")
                .atMost(PATIENCE)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> get(port, "/actuator/health/readiness", PackagedJar.PASSWORD)
                                .statusCode()
                        == 200);
    }

    private static HttpResponse<String> get(int port, String path, String password)
            throws IOException, InterruptedException {
        String login = Base64.getEncoder().encodeToString(("admin:" + password).getBytes(StandardCharsets.UTF_8));
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .header("Authorization", "Basic " + login)
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
