package org.signupmailer.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.signupmailer.settings.SettingException;

class TemplateSetTest {

    @TempDir
    Path folder;

    private Path write(String path, String source) throws IOException {
        Path file = folder.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, source);
    }

    private EmailRenderer renderer() throws TemplateFailure {
        return new EmailRenderer(
                TemplateSet.load(folder), Locale.ENGLISH, "Shop", Clock.fixed(Events.NOW, ZoneOffset.UTC));
    }

    private Email render(String type, String locale) throws TemplateFailure {
        return renderer().render(Events.full(type).locale(locale).event());
    }

    private TemplateFailure failure() {
        return catchThrowableOfType(TemplateFailure.class, () -> TemplateSet.load(folder));
    }

    @Test
    void aFolderThatDoesNotExistIsSaidInOneSentence() {
        Path missing = folder.resolve("gone");

        assertThatThrownBy(() -> TemplateSet.load(missing))
                .isInstanceOf(SettingException.class)
                .hasMessage("MAILER_TEMPLATES_DIR is \"" + missing
                        + "\", but there is no such folder; create it, correct the path, or leave"
                        + " MAILER_TEMPLATES_DIR out to use the built-in templates");
    }

    @Test
    void aFileIsNoFolder() throws IOException {
        Path file = write("file.txt", "");

        assertThatThrownBy(() -> TemplateSet.load(file))
                .isInstanceOf(SettingException.class)
                .hasMessageContaining("there is no such folder");
    }

    @Test
    void anEmptyFolderLeavesTheBuiltInTemplates() throws Exception {
        assertThat(render("signup.welcome", "en").subject()).isEqualTo("Welcome to Shop");
    }

    @Test
    void aFileTakesThePlaceOfTheBuiltInOneAndNoOther() throws Exception {
        write("signup.welcome/en/subject.ftl", "${product} is glad that you are here\n");

        assertThat(render("signup.welcome", "en").subject()).isEqualTo("Shop is glad that you are here");
        assertThat(render("signup.welcome", "en").text()).contains("Your Shop account is ready.");
        assertThat(render("signup.welcome", "ru").subject()).isEqualTo("Shop: добро пожаловать!");
    }

    @Test
    void theColoursOfAllMailsAreOneFile() throws Exception {
        write("layout/brand.ftl", "<#assign accent = \"#0b6e4f\"><#assign onAccent = \"#fffffe\">");

        assertThat(render("signup.welcome", "ru").html()).contains("background:#0b6e4f", "color:#fffffe");
    }

    @ParameterizedTest
    @CsvSource({"pt-BR, pt-BR", "pt-br, pt-BR", "pt_BR, pt-BR", "pt-BR-x-lvariant-one, pt-BR", "pt, en", "pt-PT, en"})
    void anAddedLocaleIsUsedForTheTypesThatHaveIt(String asked, String used) throws Exception {
        write("signup.welcome/pt-BR/subject.ftl", "Boas-vindas");
        write("signup.welcome/pt-BR/text.ftl", "Boas-vindas");
        write("signup.welcome/pt-BR/html.ftlh", "<p lang=\"${locale}\">Boas-vindas</p>");

        assertThat(render("signup.welcome", asked).locale()).isEqualTo(Locale.forLanguageTag(used));
        assertThat(render("signup.invitation", asked).locale()).isEqualTo(Locale.ENGLISH);
    }

    @Test
    void datesAreInTheFormOfAnAddedLanguage() throws Exception {
        write("signup.welcome/de/subject.ftl", "Willkommen");
        write("signup.welcome/de/text.ftl", "Gültig bis <#if expiresAt??>${expiresAt}</#if>");
        write("signup.welcome/de/html.ftlh", "<p>Willkommen</p>");

        assertThat(render("signup.welcome", "de-AT").text()).isEqualTo("Gültig bis 22. November 2026, 05:10 UTC\n");
    }

    @Test
    void aRightToLeftLanguageTurnsThePage() throws Exception {
        for (String file : new String[] {"subject.ftl", "text.ftl", "html.ftlh"}) {
            write("signup.welcome/ar/" + file, "${locale} ${dir}");
        }

        assertThat(render("signup.welcome", "ar-EG").html()).isEqualTo("ar rtl\n");
    }

    @Test
    void aLocaleThatLacksAPartFallsBackAsAWholeSoThatNoMailIsInTwoLanguages() throws Exception {
        write("signup.welcome/de/subject.ftl", "Willkommen");
        write("signup.welcome/de/html.ftlh", "<p>Willkommen</p>");

        Email mail = render("signup.welcome", "de");

        assertThat(mail.locale()).isEqualTo(Locale.ENGLISH);
        assertThat(mail.subject()).isEqualTo("Welcome to Shop");
        assertThat(mail.html()).contains("Get started");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not a locale", "e", "en-", "ru!"})
    void aFolderThatIsNoLocaleIsNotUsed(String name) throws Exception {
        write("signup.welcome/" + name + "/subject.ftl", "x");
        write("signup.welcome/" + name + "/text.ftl", "x");
        write("signup.welcome/" + name + "/html.ftlh", "x");

        assertThat(render("signup.welcome", name).subject()).isNotEqualTo("x");
    }

    @Test
    void theSameLocaleInAnotherSpellingTakesThePlaceOfTheBuiltInOne() throws Exception {
        write("signup.welcome/RU/subject.ftl", "Привет");

        assertThat(render("signup.welcome", "ru").subject()).isEqualTo("Привет");
        assertThat(render("signup.welcome", "ru").text()).contains("Ваш аккаунт Shop готов.");
    }

    @Test
    void aBrokenTemplateSaysFileAndLine() throws IOException {
        Path file = write("signup.welcome/de/html.ftlh", "<p>\n<#if name??>\n</p>\n");

        TemplateFailure failure = failure();

        assertThat(failure.file()).isEqualTo(file.toString());
        assertThat(failure.line()).isGreaterThanOrEqualTo(2);
        assertThat(failure)
                .hasMessageStartingWith("Template \"" + file + "\", line ")
                .hasMessageEndingWith("; correct it")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void aVariableThatDoesNotExistIsFoundBeforeAnyEvent() throws IOException {
        Path file = write("account.reauthentication/ru/text.ftl", "Код:\n${kode}\n");

        assertThat(failure())
                .hasMessage(
                        "Template \"" + file + "\", line 2, column 3: \"kode\" has no value for this event; print it"
                                + " only where <#if kode??> holds, or give a default with !");
    }

    @Test
    void anOptionalVariableWithoutADefaultIsFoundBeforeAnyEvent() throws IOException {
        write("signup.welcome/en/subject.ftl", "Welcome, ${name}");

        assertThat(failure()).hasMessageContaining("\"name\" has no value for this event");
    }

    @Test
    void aLayoutThatDoesNotExistIsFoundBeforeAnyEvent() throws IOException {
        Path file = write("signup.welcome/en/text.ftl", "\n<#import \"/layout/../../etc/passwd\" as x>");

        assertThat(failure())
                .hasMessageStartingWith("Template \"" + file + "\", line 2")
                .hasMessageContaining("imports a template that does not exist");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "${\"freemarker.template.utility.Execute\"?new()(\"id\")}",
                "${\"freemarker.template.utility.Execute\" ? new()(\"id\")}",
                "${product?api.class}",
                "${product? api.class}",
                "${product.class.name}",
                "<#assign x = \"7*7\"?eval>",
                "<@(\"${7*7}\"?interpret)/>"
            })
    void aTemplateCannotReachJavaOrRunAValue(String source) throws IOException {
        Path file = write("signup.welcome/en/text.ftl", "Hello\n" + source);

        assertThat(failure()).hasMessageStartingWith("Template \"" + file + "\", line 2, column ");
    }

    @Test
    void aTemplateThatCallsItselfWithoutEndIsRefused() throws IOException {
        write("signup.welcome/en/text.ftl", "<#macro m><@m/></#macro><@m/>");

        assertThat(failure()).hasMessageContaining("calls itself without end");
    }

    @Test
    void aFailureTellsTheExpressionAndNeverTheValue() throws Exception {
        write("signup.welcome/en/text.ftl", "<#if name! == \"Secret Name\">${name?number}</#if>");
        EmailRenderer renderer = renderer();

        TemplateFailure failure = catchThrowableOfType(
                TemplateFailure.class,
                () -> renderer.render(
                        Events.full("signup.welcome").name("Secret Name").event()));

        assertThat(failure).hasMessageContaining("text.ftl\", line 1, column ").hasNoCause();
        assertThat(failure.getMessage()).doesNotContain("Secret");
    }

    @Test
    void aTemplateThatIsNotUtf8IsSaid() throws IOException {
        Path file = folder.resolve("signup.welcome/ru/subject.ftl");
        Files.createDirectories(file.getParent());
        Files.write(file, new byte[] {(byte) 0xC4, (byte) 0xEE, (byte) 0xE1});

        assertThat(failure()).hasMessage("Template \"" + file + "\": it is not UTF-8 text; save it as UTF-8");
    }

    @Test
    void aByteOrderMarkIsNotMailed() throws Exception {
        Path file = folder.resolve("signup.welcome/en/subject.ftl");
        Files.createDirectories(file.getParent());
        Files.write(file, "\uFEFFHello".getBytes(StandardCharsets.UTF_8));

        assertThat(render("signup.welcome", "en").subject()).isEqualTo("Hello");
    }

    @Test
    void hiddenFilesAndOtherFilesAreLeftAlone() throws Exception {
        write(".git/broken.ftl", "${");
        write("signup.welcome/en/.subject.ftl", "${");
        write("signup.welcome/en/subject.ftl~", "${");
        write("README.md", "${");

        assertThat(render("signup.welcome", "en").subject()).isEqualTo("Welcome to Shop");
    }

    @Test
    void aFolderMountedByKubernetesIsRead() throws Exception {
        write("..2026_11_22/signup.welcome/en/subject.ftl", "Mounted");
        Files.createSymbolicLink(folder.resolve("..data"), Path.of("..2026_11_22"));
        Files.createSymbolicLink(folder.resolve("signup.welcome"), Path.of("..data/signup.welcome"));

        assertThat(render("signup.welcome", "en").subject()).isEqualTo("Mounted");
    }

    @Test
    void anotherSetTakesThePlaceOfTheFirstAsAWhole() throws Exception {
        EmailRenderer renderer = renderer();
        write("signup.welcome/en/subject.ftl", "Changed");
        assertThat(renderer.render(Events.full("signup.welcome").event()).subject())
                .isEqualTo("Welcome to Shop");

        renderer.use(TemplateSet.load(folder));

        assertThat(renderer.render(Events.full("signup.welcome").event()).subject())
                .isEqualTo("Changed");
    }
}
