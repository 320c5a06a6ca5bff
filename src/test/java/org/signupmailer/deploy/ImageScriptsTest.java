package org.signupmailer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** The scripts of the image do what the Dockerfile counts on. */
@Execution(ExecutionMode.CONCURRENT)
class ImageScriptsTest {

    @TempDir
    private Path folder;

    @Test
    void theHealthCheckNeedsNoLoginAndSeesThatTheApplicationIsReady() throws Exception {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start();
                SignupMailer mailer = SignupMailer.start(smtp)) {
            assertThat(healthy(mailer.managementPort()).code()).isZero();
            // And those that Kubernetes asks for.
            for (JsonNode probe : Project.documents("deploy/kubernetes/deployment.yaml")
                    .get(0)
                    .findValues("httpGet")) {
                URI path = URI.create("http://127.0.0.1:" + mailer.managementPort()
                        + probe.path("path").asText());
                assertThat(HttpClient.newHttpClient()
                                .send(HttpRequest.newBuilder(path).build(), HttpResponse.BodyHandlers.discarding())
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void theHealthCheckFailsWhereNothingIsReady() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int port = server.getAddress().getPort();
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        server.start();
        try {
            assertThat(healthy(port).code()).isEqualTo(1);
        } finally {
            server.stop(0);
        }

        assertThat(healthy(port).code()).isEqualTo(1);
    }

    @Test
    void aPasswordIsDrawnOnceAndOnlyItsOwnerAndGroupReadIt() throws IOException {
        Path file = folder.resolve("MANAGEMENT_PASSWORD");

        login(file, "");
        String drawn = Files.readString(file);
        login(file, "");

        assertThat(drawn).matches("[A-Za-z0-9_-]{24}");
        assertThat(Files.readString(file)).isEqualTo(drawn);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void aChosenPasswordWins() throws IOException {
        Path file = folder.resolve("MANAGEMENT_PASSWORD");

        login(file, "");
        login(file, "$chosen by hand%s");

        assertThat(Files.readString(file)).isEqualTo("$chosen by hand%s");
    }

    @Test
    void theJvmTakesTheOptionsOfTheImage() throws IOException {
        java().succeeds();
    }

    @Test
    void theImageRunsWithOneCompilerUnlessJavaOptsWantBoth() throws IOException {
        assertThat(compilers(java("-XX:+PrintFlagsFinal"))).isEqualTo("1");
        assertThat(compilers(java("-XX:TieredStopAtLevel=4", "-XX:+PrintFlagsFinal")))
                .isEqualTo("4");
    }

    /** Java's version as the script in the image would have it said, with this in JAVA_OPTS. */
    private Tool java(String... javaOpts) throws IOException {
        List<String> lines = Files.readAllLines(Path.of("deploy/docker/java.options"));
        // The archive is the image's own, and younger than the oldest Java that this is built with.
        Path options = Files.write(
                folder.resolve("java.options"),
                lines.stream().filter(line -> !line.startsWith("-XX:AOT")).toList());
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("@" + options);
        command.addAll(List.of(javaOpts));
        command.add("-version");
        return Tool.run(command.toArray(String[]::new));
    }

    private static String compilers(Tool java) {
        Matcher level = Pattern.compile("TieredStopAtLevel\\s+= (\\d)")
                .matcher(java.succeeds().output());
        assertThat(level.find()).isTrue();
        return level.group(1);
    }

    private static Tool healthy(int port) {
        return Tool.run(Map.of("MANAGEMENT_PORT", Integer.toString(port)), "deploy/docker/healthy");
    }

    private static void login(Path file, String password) {
        Tool.run(Map.of("MANAGEMENT_PASSWORD", password), "deploy/docker/login", file.toString())
                .succeeds();
    }
}
