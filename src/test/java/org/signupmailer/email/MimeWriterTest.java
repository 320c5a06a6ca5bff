package org.signupmailer.email;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.signupmailer.event.SignupEvent;

class MimeWriterTest {

    private static final Instant DATE = Instant.parse("2026-11-22T05:00:00.987Z");
    private static final Session NO_SESSION = Session.getInstance(new Properties());

    private static final List<String> PIECES = List.of(
            "a",
            "Hello, ",
            " ",
            "  ",
            "\t",
            "\n",
            "\r\n",
            "\r",
            "\n.\n",
            "\n..\n",
            ".",
            "=",
            "=?UTF-8?B?aGk=?=",
            "=20",
            "--",
            "\n--=_0123456789abcdef\n",
            "\u041f\u0440\u0438\u0432\u0435\u0442 ",
            "\u05e9\u05dc\u05d5\u05dd",
            "\u202e",
            "\ud83d\ude80",
            "\ud83d\udc69\u200d\ud83d\udcbb",
            "\u2014",
            "\u00e9",
            "\u6f22\u5b57",
            "\u0000",
            "\u0007",
            "\u007f",
            "\u0085",
            "\u2028",
            "From me\n",
            "x".repeat(80),
            "y".repeat(1200),
            "<p>&amp;</p>",
            " \n",
            "\t\n");

    private final MimeWriter writer = new MimeWriter("sender.test");

    static IntStream seeds() {
        return IntStream.range(0, 400);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whateverATextHoldsTheReaderSeesIt(int seed) throws Exception {
        Random random = new Random(seed);
        String subject = piecesOf(random, 12);
        String text = piecesOf(random, 40);
        String html = piecesOf(random, 60);
        String id = piecesOf(random, 6);

        Mime mime = writer.write(event(id, "ann@example.com"), new Email(Locale.ENGLISH, subject, text, html), DATE);

        assertWellFormed(mime);
        MimeMessage parsed = parse(mime);
        assertThat(parsed.getSubject()).isEqualTo(OneLine.of(subject));
        assertThat(MimeUtility.decodeText(MimeUtility.unfold(parsed.getHeader("X-Event-Id", null))))
                .isEqualTo(OneLine.of(id));
        MimeMultipart parts = (MimeMultipart) parsed.getContent();
        assertThat(parts.getCount()).isEqualTo(2);
        assertThat(bodyOf(parts, 0)).isEqualTo(asSent(text));
        assertThat(bodyOf(parts, 1)).isEqualTo(asSent(html));
        assertThat(parts.getBodyPart(0).getContentType()).isEqualTo("text/plain; charset=UTF-8");
        assertThat(parts.getBodyPart(1).getContentType()).isEqualTo("text/html; charset=UTF-8");
    }

    @ParameterizedTest
    @CsvSource({
        "plain words, 7bit",
        "a few \u2014 dashes in a rather long line of quite ordinary English words, quoted-printable",
        "\u043f\u043e\u0447\u0442\u0438 \u0432\u0441\u0451, base64",
        "a \u0007 bell in a rather long line of quite ordinary English words, quoted-printable"
    })
    void theEncodingIsTheLeastThatCarriesTheText(String text, String encoding) throws Exception {
        Mime mime = write("hello", text);

        MimeMultipart parts = (MimeMultipart) parse(mime).getContent();

        assertThat(parts.getBodyPart(0).getHeader("Content-Transfer-Encoding")).containsExactly(encoding);
    }

    @Test
    void aLineTooLongForSmtpIsEncoded() throws Exception {
        MimeMultipart parts = (MimeMultipart)
                parse(write("hello", "x".repeat(998) + "\n" + "x".repeat(999))).getContent();

        assertThat(parts.getBodyPart(0).getHeader("Content-Transfer-Encoding")).containsExactly("quoted-printable");
    }

    @Test
    void theHeaderSaysWhatTheDesignPromises() throws Exception {
        Mime mime = writer.write(
                event("6f0c", "ann@example.com"),
                new Email(Locale.forLanguageTag("pt-BR"), "Hi", "text\n", "<p>html</p>\n"),
                DATE);

        MimeMessage parsed = parse(mime);

        assertThat(parsed.getHeader("Date")).containsExactly("Sun, 22 Nov 2026 05:00:00 +0000");
        assertThat(parsed.getHeader("To")).containsExactly("ann@example.com");
        assertThat(parsed.getHeader("X-Event-Id")).containsExactly("6f0c");
        assertThat(parsed.getHeader("Auto-Submitted")).containsExactly("auto-generated");
        assertThat(parsed.getHeader("Content-Language")).containsExactly("pt-BR");
        assertThat(parsed.getHeader("MIME-Version")).containsExactly("1.0");
        assertThat(parsed.getHeader("From")).isNull();
        assertThat(parsed.getContentType()).startsWith("multipart/alternative");
        assertThat(parsed.getMessageID()).isEqualTo(mime.messageId()).matches("<[0-9a-f]{32}@sender\\.test>");
        assertThat(mime.needsSmtpUtf8()).isFalse();
    }

    @Test
    void theMessageIdBelongsToTheEventAndNotToTheAttempt() {
        Email email = new Email(Locale.ENGLISH, "Hi", "text", "html");

        String first = writer.write(event("1", "ann@example.com"), email, DATE).messageId();

        assertThat(writer.write(event("1", "bob@example.com"), email, DATE.plusSeconds(99))
                        .messageId())
                .isEqualTo(first);
        assertThat(writer.write(event("2", "ann@example.com"), email, DATE).messageId())
                .isNotEqualTo(first);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\nBcc: eve@example.com",
                "x\nBcc: eve@example.com\n\nbody",
                "x\rBcc: eve@example.com",
                "x\u0085Bcc: eve@example.com",
                "x\u2028Bcc: eve@example.com",
                "=?UTF-8?Q?=0D=0ABcc:_eve@example.com?="
            })
    void noValueOfAnEventBecomesAHeaderField(String hostile) throws Exception {
        Mime mime = writer.write(
                event(hostile, "ann@example.com"), new Email(Locale.ENGLISH, hostile, "text", "html"), DATE);

        assertWellFormed(mime);
        assertThat(parse(mime).getHeader("Bcc")).isNull();
        assertThat(parse(mime).getSubject()).isEqualTo(OneLine.of(hostile));
    }

    @Test
    void longAsciiSubjectsAreFoldedAtTheirSpaces() throws Exception {
        String subject = "word ".repeat(60).strip();

        Mime mime = write(subject, "text");

        assertThat(header(mime).lines()).allMatch(line -> line.length() <= 78);
        assertThat(parse(mime).getSubject()).isEqualTo(subject);
    }

    @ParameterizedTest
    @CsvSource({
        "ann@example.com, ann@example.com, false",
        "Ann.O'Hara+shop@Example.COM, Ann.O'Hara+shop@Example.COM, false",
        "ann@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444, ann@xn--e1afmkfd.xn--p1ai, false",
        "\u043f\u0451\u0442\u0440@\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444, \u043f\u0451\u0442\u0440@xn--e1afmkfd.xn--p1ai, true",
        "\u043f\u0451\u0442\u0440@example.com, \u043f\u0451\u0442\u0440@example.com, true"
    })
    void internationalDomainsTravelAsAsciiAndLocalPartsAsTheyAre(String address, String recipient, boolean utf8)
            throws Exception {
        Mime mime = writer.write(event("1", address), new Email(Locale.ENGLISH, "Hi", "text", "html"), DATE);

        assertThat(mime.recipient()).isEqualTo(recipient);
        assertThat(mime.needsSmtpUtf8()).isEqualTo(utf8);
        assertThat(header(mime)).contains("\r\nTo: " + recipient + "\r\n");
        assertWellFormed(mime);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ann@fa\u00df.de",
                "ann@\u03c2.gr",
                "ann@a\u200db.test",
                "ann@evil.test\uff20bank.test",
                "ann@example.com\uff1e",
                "ann@\uff1cexample.com",
                "ann@a\u2100b.test",
                "ann@example\uff0fcom"
            })
    void aDomainNeverBecomesAnotherOne(String address) {
        Mime mime = writer.write(event("1", address), new Email(Locale.ENGLISH, "Hi", "text", "html"), DATE);

        assertThat(mime.recipient()).isEqualTo(address);
        assertThat(mime.needsSmtpUtf8()).isTrue();
    }

    @Test
    void aRecipientWithControlCharactersGetsNoMail() {
        Email email = new Email(Locale.ENGLISH, "Hi", "text", "html");

        assertThatThrownBy(() -> writer.write(event("1", "ann\r\nBcc: eve@example.com"), email, DATE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("eve");
    }

    private static String piecesOf(Random random, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private Mime write(String subject, String text) {
        return writer.write(event("1", "ann@example.com"), new Email(Locale.ENGLISH, subject, text, "html"), DATE);
    }

    private static SignupEvent event(String id, String email) {
        return new SignupEvent(id, "/shop", "signup.welcome", null, email, null, null, null, null, null, null, null);
    }

    private static MimeMessage parse(Mime mime) throws MessagingException {
        return new MimeMessage(NO_SESSION, new ByteArrayInputStream(mime.content()));
    }

    private static String bodyOf(MimeMultipart parts, int index) throws MessagingException, IOException {
        return new String(parts.getBodyPart(index).getInputStream().readAllBytes(), UTF_8);
    }

    /** Line ends as CRLF, one at the end. */
    private static String asSent(String text) {
        String lines = text.replace("\r\n", "\n").replace('\r', '\n').replace("\n", "\r\n");
        return lines.endsWith("\n") ? lines : lines + "\r\n";
    }

    private static String header(Mime mime) {
        String all = new String(mime.content(), UTF_8);
        return all.substring(0, all.indexOf("\r\n\r\n") + 2);
    }

    /** RFC 5322, 2.1.1 and 2.3; RFC 2047, 2; RFC 2046, 5.1.1. */
    private static void assertWellFormed(Mime mime) throws MessagingException {
        String all = new String(mime.content(), UTF_8);
        assertThat(all.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
        assertThat(all).endsWith("\r\n");
        for (String line : all.split("\r\n", -1)) {
            assertThat(line.getBytes(UTF_8).length).isLessThanOrEqualTo(998);
        }
        if (!mime.needsSmtpUtf8()) {
            assertThat(mime.content()).doesNotContain(0);
            assertThat(all.chars()).allMatch(c -> c < 127);
        }
        for (String line : header(mime).split("\r\n", -1)) {
            boolean mayBeLong = !line.strip().contains(" ") || line.indexOf(' ', line.indexOf(": ") + 2) < 0;
            assertThat(line)
                    .satisfiesAnyOf(l -> assertThat(l.length()).isLessThanOrEqualTo(78), l -> assertThat(mayBeLong)
                            .isTrue());
            if (line.contains("=?UTF-8?B?")) {
                assertThat(line.length()).isLessThanOrEqualTo(76);
            }
        }
        String boundary = new ContentType(
                        new MimeMessage(NO_SESSION, new ByteArrayInputStream(mime.content())).getContentType())
                .getParameter("boundary");
        assertThat(all.split(Pattern.quote("--" + boundary), -1)).hasSize(4);
    }
}
