package org.signupmailer.email;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.StringReader;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.signupmailer.event.SignupEvent;
import org.xml.sax.InputSource;

class EmailRendererTest {

    private static EmailRenderer renderer;

    @BeforeAll
    static void loadBuiltInTemplates() throws TemplateFailure {
        renderer = renderer(TemplateSet.load(null));
    }

    private static EmailRenderer renderer(TemplateSet templates) {
        return new EmailRenderer(templates, Locale.ENGLISH, "Shop", Clock.fixed(Events.NOW, ZoneOffset.UTC));
    }

    private static Stream<Arguments> everyMail() {
        return Events.TYPES.stream().flatMap(type -> Stream.of("en", "ru")
                .flatMap(locale -> Stream.of(
                        Arguments.of(type, locale, Events.full(type).locale(locale)),
                        Arguments.of(type, locale, Events.least(type).locale(locale)))));
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyMail")
    void everyTypeSaysItsCodeAndItsLinkInBothBodies(String type, String locale, Events events) throws Exception {
        SignupEvent event = events.event();

        Email mail = renderer.render(event);

        assertThat(mail.locale()).isEqualTo(Locale.forLanguageTag(locale));
        assertThat(mail.subject()).isNotBlank().contains("Shop").doesNotContain("\n");
        assertThat(mail.text()).contains(event.email()).doesNotContain("${", "<#", "  ", "\n\n\n");
        assertThat(mail.html()).contains(event.email()).doesNotContain("${", "<#", "<@", "<script", "src=");
        if (event.code() != null) {
            assertThat(mail.subject()).startsWith(Events.CODE);
            assertThat(mail.text()).containsOnlyOnce("\n\n" + Events.CODE + "\n\n");
            assertThat(mail.html()).containsOnlyOnce(">" + Events.CODE + "</span>");
        }
        if (event.link() != null) {
            assertThat(mail.text()).containsOnlyOnce("\n\n" + Events.LINK + "\n\n");
            assertThat(mail.html()).contains("href=\"" + Events.LINK.replace("&", "&amp;") + "\"");
        } else {
            assertThat(mail.html()).doesNotContain("href");
        }
        if (event.newEmail() != null) {
            assertThat(mail.text()).contains(event.newEmail());
            assertThat(mail.html()).contains(event.newEmail());
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyMail")
    void everyHtmlIsWellFormedSmallAndNeedsNothingFromElsewhere(String type, String locale, Events events)
            throws Exception {
        String html = renderer.render(events.event()).html();

        // Not required of HTML, but what our templates keep: each element that is opened is closed in its place.
        String xml = html.replace("<!doctype html>", "").replaceAll("<(meta|br)([^>]*)>", "<$1$2/>");
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
        assertThat(html).hasSizeLessThan(7 * 1024).contains("lang=\"" + locale + "\" dir=\"ltr\"");
        assertThat(html).doesNotContainIgnoringCase("<img").doesNotContain("url(", "@import", "<link");
    }

    @ParameterizedTest(name = "{0} {1}")
    @MethodSource("everyMail")
    void noBodyMixesLanguages(String type, String locale, Events events) throws Exception {
        Email mail = renderer.render(events.name(null).invitedBy(null).event());

        String words = mail.subject() + mail.text();
        if (locale.equals("en")) {
            assertThat(words + mail.html()).doesNotContainPattern("\\p{IsCyrillic}");
        } else {
            assertThat(words).doesNotContainPattern("(?i)\\b(you|your|the|code|link|hello|email)\\b(?![@./?])");
        }
    }

    @Test
    void theVerificationCodeIsWhatALockScreenShowsFirst() throws Exception {
        Email mail = renderer.render(Events.full("signup.verification-code").event());

        assertThat(mail.subject()).isEqualTo("482913 is your Shop code");
        assertThat(mail.text())
                .startsWith("Hello, Ann!\n")
                .contains("The code works for 10 minutes, until 22 November 2026, 05:10 UTC.");
    }

    @Test
    void aMailInRussianReadsAsRussian() throws Exception {
        Email mail = renderer.render(Events.full("signup.verification-code")
                .locale("ru")
                .name("Анна")
                .event());

        assertThat(mail.subject()).isEqualTo("482913 — ваш код для Shop");
        assertThat(mail.text())
                .startsWith("Здравствуйте, Анна!\n")
                .contains("Код действует 10 минут — до 22 ноября 2026, 05:10 UTC.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r\n", "\u202E"})
    void aNameThatIsBlankIsLeftOutOfTheGreeting(String name) throws Exception {
        Email mail = renderer.render(Events.full("signup.welcome").name(name).event());

        assertThat(mail.text()).startsWith("Hello!\n");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1 минуту",
        "29, 1 минуту",
        "89, 1 минуту",
        "90, 2 минуты",
        "120, 2 минуты",
        "240, 4 минуты",
        "300, 5 минут",
        "660, 11 минут",
        "720, 12 минут",
        "840, 14 минут",
        "1260, 21 минуту",
        "1320, 22 минуты",
        "1500, 25 минут",
        "6660, 111 минут",
        "-600, 1 минуту"
    })
    void minutesAreRoundedAndTakeTheirRussianPlural(long seconds, String minutes) throws Exception {
        Email mail = renderer.render(Events.full("signup.verification-code")
                .locale("ru")
                .expiresIn(seconds)
                .event());

        assertThat(mail.text()).contains("Код действует " + minutes + " — до");
    }

    @ParameterizedTest
    @CsvSource({"60, 1 minute", "61, 1 minute", "120, 2 minutes", "7200, 120 minutes"})
    void minutesTakeTheirEnglishPlural(long seconds, String minutes) throws Exception {
        Email mail = renderer.render(
                Events.full("signup.verification-code").expiresIn(seconds).event());

        assertThat(mail.text()).contains("works for " + minutes + ", until");
    }

    @Test
    void aLongValidityIsSaidByItsEndAlone() throws Exception {
        Email mail = renderer.render(
                Events.full("signup.confirmation-link").expiresIn(86_400).event());

        assertThat(mail.text()).contains("The link works until 23 November 2026, 05:00 UTC.");
    }

    @ParameterizedTest
    @CsvSource({
        "ru, ru", "RU, ru", "ru-RU, ru", "ru_RU, ru", "ru_RU.UTF-8, ru", "' ru ', ru", "ru-Cyrl-RU, ru", "en-GB, en",
        "de, en", "'', en", "-, en", "---, en", "rus, en", "r, en", "../../etc/passwd, en", "ru/../en, en",
        "r\u0000u, en", "${7*7}, en", "layout, en", "*, en"
    })
    void theLocaleFallsBackToItsLanguageAndThenToTheDefault(String locale, String used) throws Exception {
        Email mail =
                renderer.render(Events.full("signup.welcome").locale(locale).event());

        assertThat(mail.locale()).isEqualTo(Locale.forLanguageTag(used));
    }

    @Test
    void aLocaleOfAMegabyteIsTheDefaultOne() throws Exception {
        Email mail = renderer.render(Events.full("signup.welcome")
                .locale("ru" + "-x".repeat(500_000))
                .event());

        assertThat(mail.locale()).isEqualTo(Locale.ENGLISH);
    }

    @Test
    void theDefaultLocaleIsASettingAndEnglishBehindIt() throws Exception {
        TemplateSet templates = TemplateSet.load(null);
        Clock clock = Clock.systemUTC();
        SignupEvent event = Events.full("signup.welcome").locale("de").event();

        Email russian = new EmailRenderer(templates, Locale.forLanguageTag("ru-RU"), "Shop", clock).render(event);
        Email english = new EmailRenderer(templates, Locale.FRENCH, "Shop", clock).render(event);

        assertThat(russian.locale()).isEqualTo(Locale.forLanguageTag("ru"));
        assertThat(english.locale()).isEqualTo(Locale.ENGLISH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><b>&amp;", "Ann & Bob"})
    void htmlInANameIsEscapedInHtmlAndLiteralInText(String name) throws Exception {
        Email mail = renderer.render(
                Events.full("signup.invitation").name(name).invitedBy(name).event());

        assertThat(mail.text()).contains(name);
        assertThat(mail.subject()).contains(name);
        assertThat(mail.html())
                .doesNotContain("<script", "<img", "<b>", name)
                .contains(name.replace("&", "&amp;")
                        .replace("<", "&lt;")
                        .replace(">", "&gt;")
                        .replace("\"", "&quot;")
                        .replace("'", "&#39;"));
    }

    @Test
    void aLinkCannotBreakOutOfItsAttribute() throws Exception {
        String link = "https://shop.example/\"onmouseover=\"alert(1)\"'><script>x</script>";

        Email mail = renderer.render(
                Events.full("signup.confirmation-link").link(link).event());

        assertThat(mail.html())
                .doesNotContain("\"onmouseover", "<script")
                .contains("href=\"https://shop.example/&quot;onmouseover=&quot;alert(1)&quot;&#39;&gt;&lt;script");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"${7*7}", "#{7*7}", "[=7*7]", "<#assign x=1>", "${\"freemarker.template.utility.Execute\"?new()}"
            })
    void templateLanguageInAValueStaysLiteral(String name) throws Exception {
        Email mail = renderer.render(Events.full("signup.welcome").name(name).event());

        assertThat(mail.text()).startsWith("Hello, " + name + "!\n");
        assertThat(mail.html()).doesNotContain("49");
    }

    @Test
    void aValueCannotAddLinesToTheMail() throws Exception {
        Email mail = renderer.render(Events.full("signup.invitation")
                .name("Ann!\r\n\r\nYou have won\u2028\u0085a prize\u202E")
                .invitedBy("Bob\r\nBcc: eve@example.com\u0000")
                .event());

        assertThat(mail.text())
                .startsWith("Hello, Ann! You have won a prize!\n")
                .contains("Bob Bcc: eve@example.com has");
        assertThat(mail.subject()).isEqualTo("Bob Bcc: eve@example.com invited you to Shop");
    }

    @Test
    void aSubjectIsCutBetweenCharacters() throws Exception {
        for (String start : List.of("", "x")) {
            Email mail = renderer.render(Events.full("signup.invitation")
                    .invitedBy(start + "😀".repeat(5_000))
                    .event());

            assertThat(mail.subject()).hasSizeBetween(249, 250).endsWith("😀…");
        }
    }

    @Test
    void aLongCodeIsShownWhole() throws Exception {
        String code = "ABCD-EFGH-IJKL-MNOP-QRST";

        Email mail = renderer.render(
                Events.full("signup.verification-code").code(code).event());

        assertThat(mail.html()).contains(">" + code + "</span>").contains("font-size:18px");
    }

    @Test
    void aCodeIsNeverFormattedAsANumber() throws Exception {
        Email mail = renderer.render(
                Events.full("signup.verification-code").code("0012345").event());

        assertThat(mail.subject()).startsWith("0012345 ");
    }

    @Test
    void aMissingCodeIsAFailureThatNamesThePlaceAndNoValue() {
        SignupEvent event = Events.full("signup.verification-code").code(null).event();

        TemplateFailure failure = catchThrowableOfType(TemplateFailure.class, () -> renderer.render(event));

        assertThat(failure)
                .hasMessage(
                        "Template \"built-in templates/signup.verification-code/en/subject.ftl\", line 1, column 3:"
                                + " \"code\" has no value for this event; print it only where <#if code??> holds, or give a default with !")
                .hasNoCause();
        assertThat(failure.file()).isEqualTo("built-in templates/signup.verification-code/en/subject.ftl");
        assertThat(failure.line()).isEqualTo(1);
        assertThat(failure.column()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"signup.unknown", "layout", "../signup.welcome", "signup.welcome/en", ""})
    void anUnknownTypeIsAFailureThatDoesNotRepeatIt(String type) {
        SignupEvent event =
                new SignupEvent("1", "/", type, null, "ann@example.com", null, null, null, null, null, null, null);

        assertThatThrownBy(() -> renderer.render(event))
                .isInstanceOf(TemplateFailure.class)
                .hasMessageContaining("there is none for the event's type");
    }

    @Test
    void manyThreadsRenderAtOnceWithoutMixingMails() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Email>> mails = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                SignupEvent event = Events.full("signup.verification-code")
                        .locale(i % 2 == 0 ? "en" : "ru")
                        .code("code" + i)
                        .event();
                mails.add(threads.submit(() -> renderer.render(event)));
            }
            for (int i = 0; i < mails.size(); i++) {
                Email mail = mails.get(i).get(30, TimeUnit.SECONDS);
                assertThat(mail.subject()).startsWith("code" + i + " ");
                assertThat(mail.html()).contains(">code" + i + "<", i % 2 == 0 ? "lang=\"en\"" : "lang=\"ru\"");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aMailDoesNotPrintWhatItSays() throws Exception {
        Email mail = renderer.render(Events.full("account.password-reset").event());

        assertThat(mail.toString()).startsWith("Email[en, ").doesNotContain(Events.CODE, "shop.example");
    }
}
