package org.signupmailer.email;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.signupmailer.event.EventType;
import picocli.CommandLine;

class RenderCommandTest {

    @TempDir
    Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    static List<String> types() {
        return EventType.typeNames();
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyTypeIsRenderedWithInventedData(String type) throws Exception {
        assertThat(run(type, "--locale", "ru")).as(err.toString()).isZero();

        assertThat(Files.readString(folder.resolve(type + ".ru.html"))).contains("<html");
        assertThat(Files.readString(folder.resolve(type + ".ru.txt"))).isNotBlank();
        try (InputStream in = Files.newInputStream(folder.resolve(type + ".ru.eml"))) {
            MimeMessage mail = new MimeMessage(Session.getInstance(new Properties()), in);
            assertThat(mail.getSubject()).isNotBlank();
            assertThat(mail.getFrom()).hasSize(1);
        }
    }

    @Test
    void dataOfTheOperatorsAreUsed() throws Exception {
        Path data = Files.writeString(folder.resolve("d.json"), "{\"email\":\"bo@example.com\",\"code\":\"987654\"}");

        assertThat(run("signup.verification-code", "--data", data.toString())).isZero();

        assertThat(Files.readString(folder.resolve("signup.verification-code.en.txt")))
                .contains("987654");
    }

    @Test
    void dataThatDoNotFitAreToldWithoutTheirValues() throws Exception {
        Path data = Files.writeString(folder.resolve("d.json"), "{\"link\":\"http://secret.example\"}");

        assertThat(run("signup.invitation", "--data", data.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("/data/link").doesNotContain("secret.example");
    }

    @Test
    void aTypeThatIsNoneIsWrongUsage() {
        assertThat(run("signup.welcom")).isEqualTo(2);
        assertThat(err.toString()).contains("did you mean \"signup.welcome\"?");
    }

    @Test
    void aBrokenTemplateIsToldWithItsPlace() throws Exception {
        Path subject = folder.resolve("templates/signup.welcome/en/subject.ftl");
        Files.createDirectories(subject.getParent());
        Files.writeString(subject, "Hello ${nmae}");

        assertThat(run("signup.welcome", "--mailer.templates-dir=" + folder.resolve("templates")))
                .isEqualTo(1);
        assertThat(err.toString()).contains("line 1, column 9");
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--out");
        all.add(folder.toString());
        all.add("--mailer.env-file=" + folder.resolve("no.env"));
        return new CommandLine(new RenderCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
