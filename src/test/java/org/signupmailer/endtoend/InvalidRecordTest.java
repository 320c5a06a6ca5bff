package org.signupmailer.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.signupmailer.testing.DeadLetterLine;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.TestEvents;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** A bad record is a dead letter that can be read back, and never stops its partition. */
class InvalidRecordTest {

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.start();
    private static final SignupMailer MAILER =
            SignupMailer.with().partitions(1).relay(SMTP).start();

    @BeforeAll
    static void start() {
        MAILER.awaitReading();
    }

    @AfterAll
    static void stop() {
        MAILER.close();
        SMTP.close();
    }

    private static Stream<Arguments> badRecords() {
        byte[] noise = new byte[1_000_000];
        new Random(20261122).nextBytes(noise);
        return Stream.of(
                record("text that is no JSON", "not json".getBytes(StandardCharsets.UTF_8)),
                record("JSON that ends early", "{\"specversion\":\"1.0\"".getBytes(StandardCharsets.UTF_8)),
                record("a JSON array", "[]".getBytes(StandardCharsets.UTF_8)),
                record(
                        "an unknown type",
                        TestEvents.welcome()
                                .attribute("type", "signup.unheard-of")
                                .value()),
                record("no code", TestEvents.verificationCode().without("code").value()),
                record(
                        "no address",
                        TestEvents.verificationCode().without("email").value()),
                record(
                        "two addresses",
                        TestEvents.welcome().to("a@example.com, b@example.com").value()),
                record(
                        "a link that is not https",
                        TestEvents.confirmationLink()
                                .link("javascript:alert(1)")
                                .value()),
                record("a megabyte of noise", noise),
                record("an empty value", new byte[0]),
                record("a tombstone", null));
    }

    private static Arguments record(String name, byte @Nullable [] value) {
        return Arguments.of(name, value);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badRecords")
    void aBadRecordIsADeadLetterAndTheEventBehindItArrives(String name, byte @Nullable [] value) {
        int before = MAILER.deadLetters().size();
        int onTopic = MAILER.deadLetterTopic().size();

        MAILER.publishBytes("ann@example.com", value);
        TestEvent behind = MAILER.publish(TestEvents.verificationCode());

        Mails.await(SMTP, behind);
        DeadLetterLine letter = MAILER.awaitDeadLetters(before + 1).get(before);
        assertThat(letter.reason()).isEqualTo("invalid-event");
        assertThat(letter.violations()).isNotEmpty();
        assertThat(letter.detail()).isNotBlank();
        assertThat(letter.originalValue()).isEqualTo(value);
        assertThat(MAILER.deadLetters()).hasSize(before + 1);
        assertThat(MAILER.deadLetterTopic()).hasSize(onTopic + 1);
    }

    @Test
    void aMissingFieldIsNamedByItsJsonPointer() {
        int before = MAILER.deadLetters().size();
        TestEvent event = MAILER.publish(TestEvents.verificationCode().without("code"));

        DeadLetterLine letter = MAILER.awaitDeadLetters(before + 1).get(before);

        assertThat(letter.violations()).containsExactly("/data/code");
        assertThat(letter.id()).isEqualTo(event.id());
        assertThat(letter.recipient()).isEqualTo(event.email());
    }

    @Test
    void anExpiredEventIsADeadLetterAndNeverMailed() {
        int before = MAILER.deadLetters().size();
        TestEvent expired = MAILER.publish(
                TestEvents.verificationCode().expiresAt(Instant.now().minus(Duration.ofMinutes(1))));
        TestEvent behind = MAILER.publish(TestEvents.verificationCode());

        Mails.await(SMTP, behind);

        DeadLetterLine letter = MAILER.awaitDeadLetters(before + 1).get(before);
        assertThat(letter.reason()).isEqualTo("expired");
        assertThat(letter.id()).isEqualTo(expired.id());
        assertThat(letter.originalValue()).isEqualTo(expired.value());
        assertThat(Mails.find(SMTP, expired)).isEmpty();
    }

    @Test
    void onlyItsOwnerCanReadTheDeadLetterLog() throws Exception {
        int before = MAILER.deadLetters().size();
        MAILER.publishText("ann@example.com", "not json");
        MAILER.awaitDeadLetters(before + 1);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(MAILER.deadLetterFile())))
                .isEqualTo("rw-------");
    }
}
