package org.signupmailer.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.signupmailer.relay.ProviderPreset.Excess;
import org.signupmailer.relay.ProviderPreset.MailLimit;
import org.signupmailer.relay.ProviderPreset.Per;
import org.signupmailer.relay.ProviderPreset.Resets;

class ProviderPresetsTest {

    private final ProviderPresets presets = ProviderPresets.load();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "yandex | smtp.yandex.ru | 587s 465i | 500 a day | true",
                "yandex360 | smtp.yandex.ru | 587s 465i | 5000 a day | true",
                "gmail | smtp.gmail.com | 587s 465i | 500 a day, 2000 a day | false",
                "mailru | smtp.mail.ru | 465i 587s | | false",
                "mailtrap | live.smtp.mailtrap.io | 587s 2525s | 150 a day | false",
                "mailtrap-sandbox | sandbox.smtp.mailtrap.io | 2525s 587s 465i 25s | | false",
                "smtp2go | mail.smtp2go.com | 587s 2525s 465i 8025s 8465i 443i 80s 25s | 25 an hour, 200 a day, 1000 a month | false",
                "sendgrid | smtp.sendgrid.net | 587s 2525s 465i 25s | 100 a day | false",
                "mailgun | smtp.mailgun.org | 587s 2525s 465i 25s | 100 a day | false",
                "ses | | 587s 2587s 465i 2465i 25s | 1 a second, 200 a day | false",
                "resend | smtp.resend.com | 587s 2587s 465i 2465i 25s | 100 a day, 3000 a month | false",
            })
    void eachProviderIsKnownAsItsHelpPagesSay(
            String name, @Nullable String host, String ports, @Nullable String mails, boolean senderOwned) {
        ProviderPreset preset = preset(name);

        assertThat(preset.defaultHost()).isEqualTo(host);
        assertThat(preset.ports().stream()
                        .map(choice -> choice.port() + (choice.tls() == TlsMode.IMPLICIT ? "i" : "s"))
                        .toList())
                .containsExactly(ports.split(" "));
        assertThat(String.join(
                        ", ",
                        preset.limits().mails().stream()
                                .map(MailLimit::toString)
                                .toList()))
                .isEqualTo(mails == null ? "" : mails);
        assertThat(preset.senderOwned()).isEqualTo(senderOwned);
    }

    @Test
    void theNamesAreThoseOfTheSettings() {
        assertThat(presets.names())
                .containsExactly(
                        "yandex",
                        "yandex360",
                        "gmail",
                        "mailru",
                        "mailtrap",
                        "mailtrap-sandbox",
                        "smtp2go",
                        "sendgrid",
                        "mailgun",
                        "ses",
                        "resend");
    }

    @Test
    void limitsOfConnectionsAreKnown() {
        assertThat(preset("mailtrap").limits().connections()).isEqualTo(10);
        assertThat(preset("mailtrap").limits().mailsPerConnection()).isEqualTo(100);
        assertThat(preset("sendgrid").limits().mailsPerConnection()).isEqualTo(5000);
        assertThat(preset("ses").limits().closesIdleAfter()).isEqualTo(Duration.ofSeconds(10));
        assertThat(preset("yandex").limits().recipientsPerMail()).isEqualTo(35);
        assertThat(preset("yandex").limits().blockGrows()).isTrue();
        assertThat(preset("yandex").limits().mails())
                .containsExactly(new MailLimit(500, Per.DAY, null, Resets.ROLLING, Excess.REFUSED));
        assertThat(preset("smtp2go").limits().mails().get(1).excess()).isEqualTo(Excess.QUEUED);
        assertThat(preset("resend").idempotencyHeader()).isEqualTo("Resend-Idempotency-Key");
    }

    @Test
    void limitsLowerTheDefaultsButNeverRaiseThem() {
        assertThat(ConnectionLimits.defaultsFor(preset("mailtrap")).maxConnections())
                .isEqualTo(10);
        assertThat(ConnectionLimits.defaultsFor(preset("sendgrid")).mailsPerConnection())
                .isEqualTo(100);
        assertThat(ConnectionLimits.defaultsFor(preset("ses")).idle()).isEqualTo(Duration.ofSeconds(8));
        assertThat(ConnectionLimits.defaultsFor(preset("mailru"))).isEqualTo(ConnectionLimits.DEFAULTS);
    }

    @ParameterizedTest
    @CsvSource({
        "smtp.yandex.ru, yandex",
        "SMTP.Yandex.com, yandex",
        "smtp.eu.mailgun.org, mailgun",
        "email-smtp.us-east-1.amazonaws.com, ses",
        "email-smtp..amazonaws.com,",
        "email-smtp.a.b.amazonaws.com,",
        "email-smtp.eu-west-1.amazonaws.com.evil.test,",
        "smtp.gmail.com.evil.test,",
        "localhost,",
    })
    void aProviderIsGuessedFromItsHostOnly(String host, @Nullable String name) {
        assertThat(presets.guess(host)).isEqualTo(name == null ? null : preset(name));
    }

    @ParameterizedTest
    @CsvSource({
        "sendgrid, apikey, true, SG.abc, true",
        "sendgrid, shop, false, abc, false",
        "resend, resend, true, re_abc, true",
        "resend, apikey, false, SG.abc, false",
        "gmail, a@b.test, true, abcdefghijklmnop, true",
        "gmail, shop, false, abcd efgh ijkl mnop, true",
        "gmail, a@b.test, true, abcdefghijklmno, false",
        "smtp2go, shop, true, abc, true",
        "smtp2go, a@b.test, false, a b, false",
        "mailru, shop, false, abc, true",
        "yandex, shop, true, abc, true",
        "mailtrap, api, true, abc, true",
    })
    void credentialsAreJudgedByTheirLooks(String name, String user, boolean userLooks, String pass, boolean passLooks) {
        assertThat(preset(name).user().looksRight(user)).isEqualTo(userLooks);
        assertThat(preset(name).password().looksRight(pass)).isEqualTo(passLooks);
    }

    @Test
    void whatNoPageOfTheProviderConfirmedIsMarked() {
        assertThat(preset("yandex360").unverified()).contains("hosts", "user", "password", "limits");
        assertThat(preset("mailru").unverified()).containsExactly("port 587");
        assertThat(preset("mailtrap").unverified()).containsExactly("user", "port 2525");
        assertThat(preset("mailgun").unverified()).containsExactly("limits");
        assertThat(preset("gmail").unverified()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name: A | Preset \"A\": a name is made of lower-case letters, digits and dashes",
                "ports: [] | Preset \"x\": a host and a port are needed",
                "ports: [{port: 0, tls: none}] | Preset \"x\": port 0 is outside 1-65535",
                "ports: [{port: 1, tls: none}, {port: 1, tls: none}] | Preset \"x\": port 1 is there twice",
                "hosts: ['a b'] | Preset \"x\": a host is not a host name",
                "user: {rule: a, pattern: '('} | Preset \"x\": a pattern is not a regular expression",
                "user: {word: a} | Preset \"x\": a user or password needs a rule",
                "limits: {connections: 0} | Preset \"x\": a limit must be above 0",
                "limits: {mails: [{count: 5}]} | Preset \"x\": a mail limit needs a count above 0 and a time",
                "unverified: [port 7] | Preset \"x\": unverified names a part that is not there: [port 7]",
                "appPasswordPage: 'http://a.test' | Preset \"x\": appPasswordPage must be an https address",
            })
    void aBrokenFileDoesNotLoad(String line, String sentence) {
        String key = line.substring(0, line.indexOf(':'));
        StringBuilder yaml = new StringBuilder("presets:\n  - ");
        for (String usual : new String[] {
            "name: x",
            "displayName: X",
            "hosts: [a.test]",
            "ports: [{port: 1, tls: none}]",
            "user: {rule: a}",
            "password: {rule: a}"
        }) {
            yaml.append(usual.startsWith(key + ":") ? line : usual).append("\n    ");
        }
        if (!yaml.toString().contains(line)) {
            yaml.append(line).append('\n');
        }
        byte[] bytes = yaml.toString().getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> ProviderPresets.parse(new ByteArrayInputStream(bytes)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(sentence);
    }

    private ProviderPreset preset(String name) {
        ProviderPreset preset = presets.byName(name);
        assertThat(preset).as(name).isNotNull();
        return Objects.requireNonNull(preset);
    }
}
