package org.signupmailer.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.signupmailer.relay.FailureClass.PASSING;
import static org.signupmailer.relay.FailureClass.UNCERTAIN;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.signupmailer.settings.SettingException;

class FailureClassifierTest {

    private static final ProviderPresets PRESETS = ProviderPresets.load();
    private final FailureClassifier classifier = new FailureClassifier(PRESETS, null);

    // Whoever signs up chooses the address, and many relays quote it.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "550 5.1.1 <daily.limit.exceeded@nx.example>... User unknown",
                "550 5.1.1 User does not exist - daily-limit-exceeded@nx.example",
                "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient throttle@nx.example not found by SMTP address lookup",
                "550 User throttle@nx.example unknown",
                "550 5.1.1 <ann@daily-limit-exceeded.example>... User unknown",
                "550 5.1.2 Host daily-limit-exceeded.example unknown",
                "553 5.1.3 <too-many-connections.rate-limit@nx.example> is no address",
            })
    void anAddressThatReadsLikeALimitIsNoLimit(String reply) {
        assertThat(classify(null, SmtpPhase.RCPT, reply).failureClass()).isEqualTo(FailureClass.RECIPIENT);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "yandex | AUTH | 535 5.7.8 Error: authentication failed: Your message looks like spam | LASTING | PT24H | yandex-account-flagged",
                "yandex | AUTH | 535 5.7.8 Error: authentication failed: Invalid user or password | LASTING | | yandex-credentials",
                "yandex | FINAL_DOT | 554 5.7.1 [2] Message rejected under suspicion of SPAM; https://ya.cc/1IrBc | LASTING | PT24H | yandex-sender-blocked",
                "yandex | RCPT | 554 5.7.1 [2] Message rejected under suspicion of SPAM | LASTING | PT24H | yandex-sender-blocked",
                "yandex | MAIL | 553 5.7.1 Sender address rejected: not owned by auth user. | LASTING | | sender-refused-by-text",
                "yandex | RCPT | 553 5.7.1 <a@b.test>: Sender address rejected: not owned by auth user. | LASTING | | sender-refused-by-text",
                "yandex360 | AUTH | 535 5.7.8 Error: authentication failed: Invalid user or password | LASTING | | yandex-credentials",
                "gmail | AUTH | 535-5.7.8 Username and Password not accepted. | LASTING | | gmail-credentials",
                "gmail | AUTH | 534-5.7.9 Application-specific password required. | LASTING | | gmail-credentials",
                "gmail | RCPT | 550 5.4.5 Daily user sending limit exceeded. | QUOTA | | gmail-daily-limit",
                "gmail | MAIL | 550-5.4.5 Daily user sending limit exceeded. | QUOTA | | gmail-daily-limit",
                "gmail | FINAL_DOT | 550 5.4.5 Daily user sending limit exceeded. | QUOTA | | gmail-daily-limit",
                "gmail | GREETING | 421 4.7.0 Try again later, closing connection. | PASSING | | refused-with-4xx",
                "gmail | FINAL_DOT | 421 4.7.0 Try again later, closing connection. | PASSING | | refused-with-4xx",
                "gmail | RCPT | 450 4.2.1 The user you are trying to contact is receiving mail too quickly. | PASSING | | refused-with-4xx",
                "gmail | RCPT | 452 4.5.3 Your message has too many recipients. | PASSING | | refused-with-4xx",
                "gmail | AUTH | 454 4.7.0 Too many login attempts, please try again later. | PASSING | PT10S | rate",
                "gmail | AUTH | 454 4.7.0 Cannot authenticate due to temporary system problem. | PASSING | | refused-with-4xx",
                "mailru | AUTH | 535 5.7.0 NEOBHODIM parol prilozheniya. Application password is REQUIRED | LASTING | | mailru-credentials",
                "mailtrap | AUTH | 535 5.7.8 Too many connections per account | PASSING | PT10S | mailtrap-connections",
                "mailtrap-sandbox | FINAL_DOT | 550 5.7.0 Requested action not taken: too many emails per second | PASSING | PT10S | mailtrap-rate",
                "sendgrid | AUTH | 451 Authentication failed: Maximum credits exceeded | QUOTA | | sendgrid-credits",
                "sendgrid | FINAL_DOT | 550 The from address does not match a verified Sender Identity. | LASTING | | sendgrid-sender",
                "mailgun | FINAL_DOT | 421 Domain x is not allowed to send: Sandbox subdomains are for test purposes only | LASTING | | mailgun-sandbox",
                "mailgun | MAIL | 421 Please activate your Mailgun account. | LASTING | | mailgun-activation",
                "mailgun | AUTH | 535 Please activate your Mailgun account. | LASTING | | mailgun-activation",
                "ses | FINAL_DOT | 454 Throttling failure: Maximum sending rate exceeded. | PASSING | PT2S | ses-rate",
                "ses | FINAL_DOT | 454 Throttling failure: Daily message quota exceeded. | QUOTA | | ses-daily-quota",
                "ses | FINAL_DOT | 554 Message rejected: Email address is not verified. | LASTING | | ses-not-verified",
                "ses | GREETING | 421 Too many concurrent SMTP connections | PASSING | PT10S | ses-connections",
                " | RCPT | 550 5.1.1 <a@b.test>: User unknown | RECIPIENT | | recipient",
                "yandex | RCPT | 550 5.1.1 No such user | RECIPIENT | | recipient",
                "gmail | RCPT | 550-5.1.1 The email account that you tried to reach does not exist. | RECIPIENT | | recipient",
                "mailru | RCPT | 550 5.1.1 x | RECIPIENT | | recipient",
                "mailtrap | RCPT | 550 5.1.1 x | RECIPIENT | | recipient",
                "sendgrid | RCPT | 550 5.1.1 x | RECIPIENT | | recipient",
                "ses | RCPT | 550 5.1.1 x | RECIPIENT | | recipient",
            })
    void repliesThatMisleadAreUnderstood(
            @Nullable String preset,
            SmtpPhase phase,
            String reply,
            FailureClass expected,
            @Nullable Duration restFor,
            String ruleId) {
        Verdict verdict = classify(preset, phase, reply);

        assertThat(verdict.ruleId()).isEqualTo(ruleId);
        assertThat(verdict.failureClass()).isEqualTo(expected);
        assertThat(verdict.restFor()).isEqualTo(restFor);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // The recipient's fault.
                "RCPT | 550 5.1.0 Address rejected | RECIPIENT",
                "RCPT | 556 5.1.10 Recipient address has null MX | RECIPIENT",
                "FINAL_DOT | 550 5.1.1 No such user | RECIPIENT",
                "RCPT | 550 5.2.1 Mailbox disabled | RECIPIENT",
                "RCPT | 552 5.2.2 Over quota, daily limit exceeded | RECIPIENT",
                "RCPT | 550 No such user here | RECIPIENT",
                "RCPT | 550 Requested action not taken: mailbox unavailable | RECIPIENT",
                "RCPT | 550 User unknown | RECIPIENT",
                "RCPT | 551 User not local; please try elsewhere | RECIPIENT",
                "RCPT | 553 sorry, no mailbox here by that name | RECIPIENT",
                "RCPT | 550 5.4.1 [a@b.test]: Recipient address invalid | RECIPIENT",
                "RCPT | 550 Unknown user | RECIPIENT",
                "RCPT | 550 5.1.1 <a@b.test>: Recipient address rejected: undeliverable address: host mx said: 554 Relay access denied | RECIPIENT",
                "RCPT | 550 5.1.1 x: host mx said: 421 too many connections, monthly limit exceeded | RECIPIENT",
                // Not the recipient's fault, whatever it looks like.
                "MAIL | 550 5.1.1 x | LASTING",
                "RCPT | 550 5.1.8 Sender address rejected: Domain not found | LASTING",
                "RCPT | 550 5.1.7 bad sender | LASTING",
                "RCPT | 550 5.7.1 policy | PASSING",
                "RCPT | 550 5.4.5 x | QUOTA",
                "RCPT | 550 rejected | PASSING",
                "RCPT | 550 | PASSING",
                "RCPT | 550 user unknown, sender blocked | PASSING",
                "RCPT | 450 4.2.0 Greylisted, try again later | PASSING",
                "RCPT | 452 4.2.2 Mailbox full | PASSING",
                "RCPT | 451 4.1.1 x | PASSING",
                // The mail's fault.
                "MAIL | 552 5.3.4 Message size exceeds fixed limit | MESSAGE",
                "FINAL_DOT | 552 5.3.4 Too big | MESSAGE",
                "FINAL_DOT | 552 Message size exceeds maximum | MESSAGE",
                "FINAL_DOT | 554 5.6.0 Content | MESSAGE",
                "DATA | 550 5.6.1 Media not supported | MESSAGE",
                "RCPT | 550 5.2.3 Too long | MESSAGE",
                "MAIL | 553 5.6.7 Non-ASCII address | PASSING",
                "MAIL | 555 parameters not recognized | PASSING",
                "FINAL_DOT | 452 4.3.4 x | PASSING",
                // Lasting.
                "AUTH | 535 5.7.8 x | LASTING",
                "AUTH | 534 x | LASTING",
                "AUTH | 504 x | LASTING",
                "AUTH | 535 5.7.8 account disabled | LASTING",
                "MAIL | 530 5.7.0 Must issue a STARTTLS command first | LASTING",
                "RCPT | 530 5.7.1 Authentication required | LASTING",
                "MAIL | 553 5.7.1 x | LASTING",
                "MAIL | 550 x | LASTING",
                "RCPT | 554 5.7.1 <a@b.test>: Relay access denied | LASTING",
                "RCPT | 550 5.7.1 Unable to relay | LASTING",
                "RCPT | 554 5.7.1 <host>: Client host rejected: Access denied | LASTING",
                "GREETING | 554 5.7.1 Your address is on a list | LASTING",
                "EHLO | 550 x | LASTING",
                // Quota.
                "MAIL | 550 5.7.1 Daily sending quota exceeded | QUOTA",
                "MAIL | 451 Monthly limit reached | QUOTA",
                "RCPT | 550 You have exceeded your hourly sending limit | QUOTA",
                "FINAL_DOT | 554 Your account has reached its limit: credit limit exceeded | QUOTA",
                // Passing.
                "GREETING | 421 x | PASSING",
                "EHLO | 421 x | PASSING",
                "AUTH | 454 4.7.0 x | PASSING",
                "MAIL | 451 4.3.0 x | PASSING",
                "DATA | 451 x | PASSING",
                "FINAL_DOT | 451 x | PASSING",
                "FINAL_DOT | 554 5.7.1 Spam message rejected | PASSING",
                "FINAL_DOT | 554 Transaction failed | PASSING",
                "DATA | 554 no valid recipients | PASSING",
                "TLS | 454 TLS not available | PASSING",
                "TLS | 502 STARTTLS not known | PASSING",
                "MAIL | 250 x | PASSING",
                // Uncertain.
                "FINAL_DOT | noise | UNCERTAIN",
                "FINAL_DOT | 354 go on | UNCERTAIN",
                "RCPT | noise | PASSING",
            })
    void repliesOfAnyRelayFollowTheTable(SmtpPhase phase, String reply, FailureClass expected) {
        Verdict verdict = classify(null, phase, reply);

        assertThat(verdict.failureClass()).as(verdict.ruleId()).isEqualTo(expected);
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnAnswerOnlyTheTimeAfterTheFinalDotIsUncertain(SmtpPhase phase) {
        assertThat(classifier.classify(null, phase, null).failureClass())
                .isEqualTo(phase == SmtpPhase.FINAL_DOT ? UNCERTAIN : PASSING);
    }

    @Test
    void theWorstReplyIsClassifiedAtOnce() {
        String worst = "550 " + "sending account daily limit not unknown user mailbox ".repeat(10);

        assertThat(assertTimeoutPreemptively(Duration.ofSeconds(5), () -> classify(null, SmtpPhase.RCPT, worst)))
                .isNotNull();
    }

    @Test
    void operatorsRulesComeFirst(@TempDir Path dir) throws IOException {
        Path file = write(dir, """
                rules:
                  - id: our-gateway
                    phases: RCPT
                    codes: 550
                    text: 'COMPANY closed'
                    class: passing
                    explanation: Our gateway is closed at night.
                    restFor: PT1H
                """);
        FailureClassifier extended = new FailureClassifier(PRESETS, file);

        Verdict verdict = extended.classify(null, SmtpPhase.RCPT, SmtpReply.parse("550 5.1.1 Company closed"));
        assertThat(verdict)
                .isEqualTo(new Verdict(
                        PASSING, "Our gateway is closed at night.", null, Duration.ofHours(1), "our-gateway"));
        assertThat(extended.classify(null, SmtpPhase.RCPT, SmtpReply.parse("550 5.1.1 x"))
                        .ruleId())
                .isEqualTo("recipient");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rules: [{class: passing, explanation: x}] | : rule 1 has no id; give it one, such as my-rule.",
                "rules: [{id: a, explanation: x}] | : rule \"a\" needs a class (one of recipient, message, lasting, quota, passing, uncertain) and an explanation.",
                "rules: [{id: a, class: late, explanation: x}] | : rule \"a\" has class \"late\", which is not known; use one of recipient, message, lasting, quota, passing, uncertain.",
                "rules: [{id: a, class: passing, explanation: x, phases: [RCTP]}] | : rule \"a\" has phase \"RCTP\", which is not known; use one of dns, connect, tls, greeting, ehlo, auth, mail, rcpt, data, final_dot.",
                "rules: [{id: a, class: passing, explanation: x, presets: [gmial]}] | : rule \"a\" has preset \"gmial\", which is not known; did you mean \"gmail\"?",
                "rules: [{id: a, class: passing, explanation: x, codes: [55]}] | : rule \"a\" has code \"55\", which is none; write three digits such as 550, with x for any: 55x.",
                "rules: [{id: a, class: passing, explanation: x, enhanced: [5.1]}] | : rule \"a\" has enhanced status code \"5.1\", which is none; write three numbers such as 5.1.1, with * for any: 5.1.*.",
                "rules: [{id: a, class: passing, explanation: x, text: '(x'}] | : rule \"a\" has text \"(x\", which is not a regular expression (Unclosed group); correct it.",
                "rules: [{id: a, class: passing, explanation: x, restFor: 1h}] | : rule \"a\" has restFor \"1h\", which is not a time above 0; write it as PT30S, PT15M or PT24H.",
                "rules: [{id: a, class: passing, explanation: x}, {id: a, class: passing, explanation: x}] | : two rules are named \"a\"; ids must be unique.",
                "rules: [{id: a, txt: x}] | , line 1: \"txt\" is not known here; see docs/relays.md for the form of a rule.",
                "rule: [] | , line 1: \"rule\" is not known here; see docs/relays.md for the form of a rule.",
                "rules: | ' holds no list \"rules\"; see docs/relays.md for the form of a rule.'",
            })
    void aRuleThatMakesNoSenseIsToldInOneSentence(String yaml, String sentence, @TempDir Path dir) throws IOException {
        Path file = write(dir, yaml);

        assertThatThrownBy(() -> new FailureClassifier(PRESETS, file))
                .isInstanceOf(SettingException.class)
                .hasMessage(file + sentence);
    }

    @Test
    void brokenYamlIsToldWithItsLine(@TempDir Path dir) throws IOException {
        Path file = write(dir, "rules:\n  - id: a\n   class: x\n");

        assertThatThrownBy(() -> new FailureClassifier(PRESETS, file))
                .isInstanceOf(SettingException.class)
                .hasMessageStartingWith(file + ", line 3: ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aMissingFileOfRulesIsTold(@TempDir Path dir) {
        Path file = dir.resolve("none.yaml");

        assertThatThrownBy(() -> new FailureClassifier(PRESETS, file))
                .hasMessage("The file of reply rules " + file + " does not exist; create it, or remove the setting.");
    }

    private static Path write(Path dir, String yaml) throws IOException {
        return Files.writeString(dir.resolve("rules.yaml"), yaml);
    }

    private Verdict classify(@Nullable String preset, SmtpPhase phase, String reply) {
        ProviderPreset known = preset == null ? null : PRESETS.byName(preset);
        assertThat(known == null).isEqualTo(preset == null);
        return classifier.classify(known, phase, SmtpReply.parse(reply));
    }
}
