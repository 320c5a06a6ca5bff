package org.signupmailer.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpReplyTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "550 5.1.1 No such user | 550 | 5.1.1 | No such user | 550 5.1.1 No such user",
                "550 No such user | 550 | | No such user | 550 No such user",
                "421 | 421 | | \"\" | 421",
                "421- | 421 | | \"\" | 421",
                "550 5.1.1 | 550 | 5.1.1 | \"\" | 550 5.1.1",
                "550 5.1.1: gone | 550 | 5.1.1 | gone | 550 5.1.1 gone",
                "550 #5.1.0 Address rejected. | 550 | 5.1.0 | Address rejected. | 550 5.1.0 Address rejected.",
                "550 no mailbox (#5.1.1) | 550 | 5.1.1 | no mailbox (#5.1.1) | 550 5.1.1 no mailbox (#5.1.1)",
                "550 5.1.1.9 version | 550 | | 5.1.1.9 version | 550 5.1.1.9 version",
                "550 10.5.1.1 | 550 | | 10.5.1.1 | 550 10.5.1.1",
                "HTTP/1.1 400 Bad Request | 0 | | HTTP/1.1 400 Bad Request | (no code) HTTP/1.1 400 Bad Request",
                "999 x | 0 | | 999 x | (no code) 999 x",
                "5500 x | 0 | | 5500 x | (no code) 5500 x",
            })
    void aReplyIsTakenApart(String raw, int code, String enhanced, String text, String printed) {
        SmtpReply reply = SmtpReply.parse(raw);

        assertThat(reply)
                .isEqualTo(new SmtpReply(code, enhanced == null ? null : EnhancedStatusCode.parse(enhanced), text))
                .hasToString(printed);
    }

    @Test
    void linesAreJoinedAndRepeatedCodesDropped() {
        assertThat(SmtpReply.parse("550-5.1.1 The email account\r\n550-5.1.1 does not\n550 5.1.1 exist.\r\n"))
                .hasToString("550 5.1.1 The email account does not exist.");
    }

    @Test
    void aLineWithAnotherCodeIsText() {
        assertThat(SmtpReply.parse("250-well\r\n550 5.1.1 not\r\n")).hasToString("250 well 550 5.1.1 not");
    }

    @Test
    void aReplyOfOneMegabyteIsCut() {
        SmtpReply reply = SmtpReply.parse("550-5.7.1 " + "x".repeat(1 << 20));

        assertThat(reply.code()).isEqualTo(550);
        assertThat(reply.text()).hasSize(500);
    }

    @Test
    void noCharacterIsCutInHalf() {
        assertThat(SmtpReply.parse("550 x" + "\uD83D\uDE00".repeat(400)).text()).hasSize(499);
    }

    @Test
    void whatCouldForgeALogLineIsRemoved() {
        assertThat(SmtpReply.parse("550 5.1.1 a\u0000b\u001B[31mc\u0085d\u2028e\u202Ef\u200Bg\uD800h\tk"))
                .hasToString("550 5.1.1 a b [31mc d efgh k");
    }

    @Test
    void eightBitNoiseStaysOneLine() {
        assertThat(SmtpReply.parse("550 caf\u00E9 \u0080\u0081\u00FF")).hasToString("550 caf\u00E9 \u00FF");
    }

    @Test
    void linksCanBeMaskedDownToTheirServer() {
        assertThat(SmtpReply.parse(
                                "554 5.7.1 blocked <https://shop.test/c?token=SECRET> and HTTP://a.test:8080?x=1, ok")
                        .masked())
                .hasToString("554 5.7.1 blocked <https://shop.test/***> and HTTP://a.test:8080/*** ok");
    }

    @Test
    void addressesCanBeMasked() {
        assertThat(SmtpReply.parse("550 5.1.1 <ann.smith@example.com>: unknown, as is b@c.test")
                        .masked())
                .hasToString("550 5.1.1 <a***@example.com>: unknown, as is b***@c.test");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5.1", "5.1.1.1", "3.1.1", "5.1.1000", "5.1.x", " 5.1.1"})
    void whatIsNoEnhancedCodeIsNone(String text) {
        assertThat(EnhancedStatusCode.parse(text)).isNull();
    }

    @Test
    void enhancedCodesAreWhatRegularExpressionsFind() {
        Pattern leading = Pattern.compile("#?([245]\\.\\d{1,3}\\.\\d{1,3})(?![\\d.])[ :-]*");
        Pattern hashed = Pattern.compile("#([245]\\.\\d{1,3}\\.\\d{1,3})(?![\\d.])");
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<String> pieces = List.of("5.1.1", "2.0.0", "4.7.", "250", "3.", "1", "0009", ".", "#", ":", "-", "x");
        int found = 0;
        for (int round = 0; round < 20_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(6); i > 0; i--) {
                text.append(pieces.get(random.nextInt(pieces.size())));
            }
            SmtpReply reply = SmtpReply.parse("550 " + text);

            Matcher begins = leading.matcher(text);
            Matcher holds = hashed.matcher(text);
            boolean atTheStart = begins.lookingAt();
            String code = atTheStart ? begins.group(1) : holds.find() ? holds.group(1) : null;
            EnhancedStatusCode expected = code == null ? null : EnhancedStatusCode.parse(code);
            assertThat(reply.enhanced()).as("seed %d: %s", seed, text).isEqualTo(expected);
            assertThat(reply.text()).isEqualTo(atTheStart ? text.substring(begins.end()) : text.toString());
            found += code == null ? 0 : 1;
        }
        assertThat(found).isGreaterThan(1_000);
    }

    @Test
    void codesOutsideOfSmtpAreRefused() {
        assertThatThrownBy(() -> new SmtpReply(199, null, "")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new EnhancedStatusCode(3, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anyNoiseGivesAReplyOfOneBoundedLine() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        String alphabet = "0123456789.- \r\n\t#@<>()abc\u0000\u001B\u0085\u00FF\u2028\u202E\uD83D\uDE00\uD800";
        for (int round = 0; round < 4_000; round++) {
            StringBuilder raw = new StringBuilder(random.nextBoolean() ? "" : "55" + random.nextInt(10));
            for (int i = random.nextInt(700); i > 0; i--) {
                raw.append(
                        random.nextInt(4) == 0
                                ? (char) random.nextInt(0x10000)
                                : alphabet.charAt(random.nextInt(alphabet.length())));
            }
            SmtpReply reply = SmtpReply.parse(raw.toString());

            assertThat(reply.text())
                    .as("seed %d, round %d", seed, round)
                    .hasSizeLessThanOrEqualTo(SmtpReply.MAX_TEXT)
                    .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]");
            assertThat(reply.masked().toString())
                    .as("seed %d, round %d", seed, round)
                    .isNotEmpty();
        }
    }
}
