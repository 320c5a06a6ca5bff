package org.signupmailer.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ReceivedMail;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** What arrives, whoever published it in whatever form. */
class MailContentTest {

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.start();
    private static final SignupMailer MAILER = SignupMailer.with().relay(SMTP).start();

    @BeforeAll
    static void start() {
        MAILER.awaitReading();
    }

    @AfterAll
    static void stop() {
        MAILER.close();
        SMTP.close();
    }

    private static Stream<TestEvent> oneOfEachType() {
        return Stream.of(
                TestEvents.verificationCode(),
                TestEvents.confirmationLink(),
                TestEvents.welcome(),
                TestEvents.invitation(),
                TestEvents.passwordReset(),
                TestEvents.emailChange(),
                TestEvents.reauthentication());
    }

    private static Stream<Arguments> everyTypeInEveryLanguage() {
        return oneOfEachType()
                .flatMap(event -> Stream.of(
                        Arguments.of(event.id(event.id() + "-en").locale("en"), "en", "Hello, Аня!"),
                        Arguments.of(event.id(event.id() + "-ru").locale("ru"), "ru", "Здравствуйте, Аня!")));
    }

    @ParameterizedTest(name = "{0} in {1}")
    @MethodSource("everyTypeInEveryLanguage")
    void everyTypeArrivesInTheRecipientsLanguageWithBothParts(TestEvent written, String language, String greeting)
            throws Exception {
        TestEvent event = MAILER.publish(written.name("Аня").expiresIn(Duration.ofMinutes(10)));

        ReceivedMail mail = Mails.await(SMTP, event);

        assertThat(mail.recipients()).containsExactly(event.email());
        assertThat(mail.from()).isEqualTo("no-reply-1@shop.example");
        assertThat(mail.header("From")).contains("no-reply-1@shop.example");
        assertThat(mail.header("To")).isEqualTo(event.email());
        assertThat(mail.header("X-Event-Id")).isEqualTo(event.id());
        assertThat(mail.header("Message-ID")).matches("<[^@\\s]+@shop\\.example>");
        assertThat(mail.header("Auto-Submitted")).isEqualTo("auto-generated");
        assertThat(mail.header("Content-Language")).isEqualTo(language);
        assertThat(mail.asMimeMessage().getSentDate()).isNotNull();
        assertThat(mail.asMimeMessage().isMimeType("multipart/alternative")).isTrue();
        assertThat(Mails.subject(mail)).contains("Shop");
        List<Mails.Part> parts = Mails.parts(mail);
        assertThat(parts).hasSize(2);
        assertThat(parts.get(0).contentType()).isEqualTo("text/plain; charset=UTF-8");
        assertThat(parts.get(1).contentType()).isEqualTo("text/html; charset=UTF-8");
        String secret = Objects.requireNonNullElse(event.code(), Objects.requireNonNullElse(event.link(), "?"));
        assertThat(parts).allSatisfy(part -> assertThat(part.text()).contains(greeting, secret));
    }

    @Test
    void aLanguageWithoutTemplatesGetsTheDefaultOne() {
        TestEvent event = MAILER.publish(TestEvents.verificationCode().locale("pt-BR"));

        assertThat(Mails.await(SMTP, event).header("Content-Language")).isEqualTo("en");
    }

    @Test
    void aRegionGetsItsLanguage() {
        TestEvent event = MAILER.publish(TestEvents.verificationCode().locale("ru_KZ"));

        assertThat(Mails.text(Mails.await(SMTP, event))).startsWith("Здравствуйте!");
    }

    @Test
    void binaryModeAndBothStructuredFormsGiveTheSameMail() {
        TestEvent plain = TestEvents.verificationCode().locale("ru").name("Аня");
        TestEvent said = plain.id(plain.id() + "-said").cloudEventsContentType();
        TestEvent binary = plain.id(plain.id() + "-binary").binary();

        List<String> texts = Stream.of(plain, said, binary)
                .map(MAILER::publish)
                .map(event -> Mails.text(Mails.await(SMTP, event)))
                .toList();

        assertThat(texts.get(0)).contains(String.valueOf(plain.code()));
        assertThat(texts).containsOnly(texts.get(0));
    }

    @Test
    void recordHeadersDoNotSteerTheMailOrItsEnvelope() {
        TestEvent event = MAILER.publish(TestEvents.verificationCode()
                .to("ann@example.com")
                .header("To", "eve@example.net")
                .header("to", "eve@example.net")
                .header("Cc", "eve@example.net")
                .header("Bcc", "eve@example.net")
                .header("From", "eve@example.net")
                .header("Reply-To", "eve@example.net")
                .header("Subject", "Eve was here")
                .header("mail.smtp.host", "smtp.example.net")
                .header("mail.smtp.from", "eve@example.net")
                .header("contentType", "text/eve")
                .header("Content-Type", "application/json")
                .header("CamelFileName", "eve.txt")
                .header("CamelToEndpoint", "relay:eve")
                .header("X-Mallory", "mallory"));

        ReceivedMail mail = Mails.await(SMTP, event);

        assertThat(mail.recipients()).containsExactly("ann@example.com");
        assertThat(mail.from()).isEqualTo("no-reply-1@shop.example");
        assertThat(mail.header("To")).isEqualTo("ann@example.com");
        assertThat(mail.header("Content-Type")).startsWith("multipart/alternative");
        assertThat(new String(mail.raw(), StandardCharsets.UTF_8).toLowerCase(Locale.ROOT))
                .doesNotContain("eve@", "eve.txt", "mallory", "eve was here", "text/eve", "bcc:");
    }

    @Test
    void lineBreaksInANameStayInsideTheBody() {
        TestEvent event = MAILER.publish(TestEvents.invitation()
                .name("Ann\r\nBcc: eve@example.net")
                .with("invitedBy", "Boris\r\nBcc: eve@example.net\r\n\r\nBuy now"));

        ReceivedMail mail = Mails.await(SMTP, event);

        assertThat(mail.header("Bcc")).isNull();
        assertThat(mail.recipients()).containsExactly(event.email());
        assertThat(Mails.subject(mail)).contains("Boris").doesNotContain("\r", "\n");
        assertThat(Mails.parts(mail)).hasSize(2);
    }

    @Test
    void aNameWithMarkupIsTextInTheHtmlPart() {
        TestEvent event = MAILER.publish(TestEvents.verificationCode().name("<script>alert('Ann & Co')</script>"));

        ReceivedMail mail = Mails.await(SMTP, event);

        assertThat(Mails.html(mail)).doesNotContain("<script").contains("&lt;script&gt;");
        assertThat(Mails.text(mail)).contains("<script>alert('Ann & Co')</script>");
    }

    @Test
    void linesThatBeginWithADotArriveAsTheyAre() {
        TestEvent event =
                MAILER.publish(TestEvents.verificationCode().code("123456").name(".\r\n."));

        assertThat(Mails.text(Mails.await(SMTP, event))).contains("123456");
    }

    @Test
    void anInternationalDomainIsWrittenInAsciiToTheRelay() {
        TestEvent event = MAILER.publish(TestEvents.verificationCode().to("ann@почта.example"));

        ReceivedMail mail = Mails.await(SMTP, event);

        assertThat(mail.recipients()).containsExactly("ann@xn--80a1acny.example");
        assertThat(mail.mailFromParameters()).doesNotContain("SMTPUTF8");
    }

    @Test
    void aLocalPartThatIsNotAsciiIsSentWithSmtpUtf8() {
        TestEvent event = MAILER.publish(TestEvents.verificationCode().to("аня@example.com"));

        ReceivedMail mail = Mails.await(SMTP, event);

        assertThat(mail.recipients()).containsExactly("аня@example.com");
        assertThat(mail.mailFromParameters()).contains("SMTPUTF8");
    }

    @Test
    void onePersonsMailsKeepTheirOrderWhileManyAreInFlight() {
        // The first mail of the first person is slow; the later ones must not overtake it.
        SMTP.on(Phase.RCPT)
                .forRecipient("order-0@example.com")
                .delay(Duration.ofMillis(200))
                .once();
        // One of each type: of two of the same type only the newer would be mailed.
        List<List<TestEvent>> perPerson = IntStream.range(0, 12)
                .mapToObj(person -> oneOfEachType()
                        .map(event -> event.to("order-" + person + "@example.com"))
                        .toList())
                .toList();
        for (int turn = 0; turn < perPerson.get(0).size(); turn++) {
            for (List<TestEvent> events : perPerson) {
                MAILER.publish(events.get(turn));
            }
        }

        perPerson.forEach(events -> events.forEach(event -> Mails.await(SMTP, event)));

        List<String> arrived = SMTP.acceptedIds();
        for (List<TestEvent> events : perPerson) {
            List<String> ids = events.stream().map(TestEvent::id).toList();
            assertThat(arrived).filteredOn(ids::contains).containsExactlyElementsOf(ids);
        }
    }
}
