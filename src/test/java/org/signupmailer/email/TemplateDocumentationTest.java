package org.signupmailer.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateDocumentationTest {

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `(\\w+)` \\|");

    private final String page = read(Path.of("docs/templates.md"));

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void thePageListsExactlyTheVariablesThatTemplatesGet() {
        Set<String> given = new TreeSet<>();
        for (String type : Events.TYPES) {
            given.addAll(new MailModel(Locale.ENGLISH)
                    .of(Events.full(type).event(), "Shop", Events.NOW)
                    .keySet());
        }
        Set<String> listed = new TreeSet<>();
        for (Matcher row = ROW.matcher(page); row.find(); ) {
            listed.add(row.group(1));
        }

        assertThat(listed).isEqualTo(given);
    }

    @Test
    void theColoursShownOnThePageAreAWorkingFile(@TempDir Path folder) throws Exception {
        Matcher shown = Pattern.compile("```\\n(<#assign accent[^`]+)```").matcher(page);
        assertThat(shown.find()).isTrue();
        Files.createDirectory(folder.resolve("layout"));
        Files.writeString(folder.resolve("layout/brand.ftl"), shown.group(1));

        EmailRenderer renderer = new EmailRenderer(
                TemplateSet.load(folder), Locale.ENGLISH, "Shop", Clock.fixed(Events.NOW, ZoneOffset.UTC));

        assertThat(renderer.render(Events.full("signup.welcome").event()).html())
                .contains("#0b6e4f");
    }

    @Test
    void theFailureShownOnThePageIsTheOneThatIsSaid(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("signup.welcome/de/text.ftl");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "\n\nHallo ${nmae}!");
        Files.writeString(file.resolveSibling("subject.ftl"), "Willkommen");
        Files.writeString(file.resolveSibling("html.ftlh"), "<p>Willkommen</p>");

        TemplateFailure failure = catchThrowableOfType(TemplateFailure.class, () -> TemplateSet.load(folder));

        assertThat(page).contains(failure.getMessage().replace(folder.toString(), "templates"));
    }

    @Test
    void followingThePageALocaleIsAdded(@TempDir Path folder) throws Exception {
        Path builtIn = Path.of("src/main/resources/templates");
        Files.createDirectories(folder.resolve("layout"));
        Files.copy(builtIn.resolve("layout/en.ftl"), folder.resolve("layout/de.ftl"));
        Files.createDirectories(folder.resolve("signup.welcome/de"));
        for (String file : new String[] {"subject.ftl", "text.ftl", "html.ftlh"}) {
            String copied = read(builtIn.resolve("signup.welcome/en/" + file));
            Files.writeString(
                    folder.resolve("signup.welcome/de/" + file), copied.replace("/layout/en.ftl", "/layout/de.ftl"));
        }

        EmailRenderer renderer = new EmailRenderer(
                TemplateSet.load(folder), Locale.ENGLISH, "Shop", Clock.fixed(Events.NOW, ZoneOffset.UTC));

        assertThat(renderer.render(Events.full("signup.welcome").locale("de_DE").event())
                        .locale())
                .isEqualTo(Locale.GERMAN);
    }
}
