package org.signupmailer.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.signupmailer.settings.SettingException;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.ConfigTreePropertySource;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

class RelaySettingsTest {

    private static final ProviderPresets PRESETS = ProviderPresets.load();
    private static final String ALL_PRESETS =
            "yandex, yandex360, gmail, mailru, mailtrap, mailtrap-sandbox, smtp2go, sendgrid, mailgun, ses, resend";

    private final List<String> warnings = new ArrayList<>();

    @Test
    void theUsualFourLinesMakeARelay() {
        Relay relay = only(
                "SMTP_HOST=smtp.example.test",
                "SMTP_PORT=587",
                "SMTP_USER=shop",
                "SMTP_PASS=s3cret",
                "SMTP_FROM=a@b.test");

        assertThat(relay)
                .isEqualTo(new Relay(
                        "primary",
                        "smtp.example.test",
                        List.of(new PortChoice(587, TlsMode.STARTTLS)),
                        "shop",
                        new Secret("s3cret"),
                        "a@b.test",
                        null,
                        null,
                        ConnectionLimits.DEFAULTS));
        assertThat(relay).hasToString("primary (smtp.example.test:587)");
        assertThat(warnings).isEmpty();
    }

    @Test
    void aPresetAndALoginAreEnough() {
        Relay relay = only("SMTP_PROVIDER=Gmail", "SMTP_USER=shop@gmail.com", "SMTP_PASS=abcd efgh ijkl mnop");

        assertThat(relay.host()).isEqualTo("smtp.gmail.com");
        assertThat(relay.ports())
                .containsExactly(new PortChoice(587, TlsMode.STARTTLS), new PortChoice(465, TlsMode.IMPLICIT));
        assertThat(relay.from()).isEqualTo("shop@gmail.com");
        assertThat(warnings)
                .containsExactly(
                        "SMTP_FROM is not set, so relay \"primary\" sends from its user name, which is an address;"
                                + " set SMTP_FROM if mails shall come from another one.");
    }

    @Test
    void thePresetIsGuessedFromTheHost() {
        Relay relay = only(
                "SMTP_HOST=email-smtp.eu-west-1.amazonaws.com", "SMTP_USER=u", "SMTP_PASS=p", "SMTP_FROM=a@b.test");

        assertThat(relay.preset()).isSameAs(PRESETS.byName("ses"));
        assertThat(relay.limits().idle()).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void aWordThatTheProviderAlwaysAsksForNeedNotBeWritten() {
        assertThat(only("SMTP_PROVIDER=sendgrid", "SMTP_PASS=SG.x", "SMTP_FROM=a@b.test")
                        .user())
                .isEqualTo("apikey");
    }

    @ParameterizedTest
    @CsvSource({
        "smtp.example.test, 465, IMPLICIT",
        "smtp.example.test, 8465, IMPLICIT",
        "smtp.example.test, 2465, IMPLICIT",
        "smtp.example.test, 587, STARTTLS",
        "smtp.example.test, 2525, STARTTLS",
        "smtp.example.test, 25, STARTTLS",
        "localhost, 465, IMPLICIT",
        "localhost, 1025, NONE",
        "LOCALHOST, 1025, NONE",
        "127.0.0.1, 1025, NONE",
        "127.255.1.9, 1025, NONE",
        "::1, 1025, NONE",
        "[::1], 1025, NONE",
        "0:0:0:0:0:0:0:1, 1025, NONE",
        "127.evil.test, 1025, STARTTLS",
        "127.0.0.1.evil.test, 1025, STARTTLS",
        "localhost.evil.test, 1025, STARTTLS",
        "mailpit, 1025, STARTTLS",
    })
    void theTlsModeFollowsFromPortAndHost(String host, int port, TlsMode expected) {
        Relay relay = only("SMTP_HOST=" + host, "SMTP_PORT=" + port, "SMTP_FROM=a@b.test");

        assertThat(relay.ports()).containsExactly(new PortChoice(port, expected));
        assertThat(warnings).isEmpty();
    }

    @Test
    void aPortThatIsWrittenComesBeforeTheOthersOfTheProvider() {
        assertThat(only("SMTP_HOST=smtp.yandex.ru", "SMTP_PORT=465", "SMTP_USER=u@b.test", "SMTP_PASS=p")
                        .ports())
                .containsExactly(new PortChoice(465, TlsMode.IMPLICIT), new PortChoice(587, TlsMode.STARTTLS));
    }

    @Test
    void anUnusualImplicitPortOfAProviderIsSpokenToAsItWants() {
        assertThat(only("SMTP_PROVIDER=smtp2go", "SMTP_PORT=443", "SMTP_USER=u", "SMTP_PASS=p", "SMTP_FROM=a@b.test")
                        .ports())
                .startsWith(new PortChoice(443, TlsMode.IMPLICIT))
                .hasSize(8);
    }

    @Test
    void aTlsModeThatIsWrittenHoldsForEveryPort() {
        assertThat(only(
                                "SMTP_PROVIDER=smtp2go",
                                "SMTP_TLS=implicit",
                                "SMTP_USER=u",
                                "SMTP_PASS=p",
                                "SMTP_FROM=a@b.test")
                        .ports())
                .extracting(PortChoice::tls)
                .containsOnly(TlsMode.IMPLICIT)
                .hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "smtp.example.test, , '587 (starttls), 465 (implicit)'",
        "smtp.example.test, implicit, 465 (implicit)",
        "smtp.example.test, starttls, 587 (starttls)",
        "smtp.example.test, none, 25 (none)",
        "localhost, , 25 (none)",
    })
    void withoutAPortTheUsualOnesAreTried(String host, String tls, String expected) {
        Relay relay = only("SMTP_HOST=" + host, "SMTP_TLS=" + (tls == null ? "" : tls), "SMTP_FROM=a@b.test");

        assertThat(relay.ports()).map(PortChoice::toString).containsExactly(expected.split(", "));
    }

    @Test
    void aPresetForATestServerOnThisMachineLendsItsLimitsButNotItsPorts() {
        Relay relay = only("SMTP_PROVIDER=mailtrap", "SMTP_HOST=localhost", "SMTP_PORT=4000", "SMTP_FROM=a@b.test");

        assertThat(relay.ports()).containsExactly(new PortChoice(4000, TlsMode.NONE));
        assertThat(relay.limits().maxConnections()).isEqualTo(10);
        assertThat(warnings).isEmpty();
    }

    @Test
    void relaysComeInTheirOrder() {
        List<Relay> relays = read(
                "mailer.relays.zeta.host=z.test",
                "mailer.relays.alpha.host=a.test",
                "mailer.relays.late.host=l.test",
                "mailer.relays.late.priority=200",
                "mailer.relays.early.host=e.test",
                "mailer.relays.early.priority=1",
                "mailer.relays.secondary.host=s2.test",
                "SMTP_3_HOST=s3.test",
                "SMTP_HOST=s1.test",
                "SMTP_FROM=a@b.test");

        assertThat(relays)
                .extracting(Relay::name)
                .containsExactly("primary", "secondary", "tertiary", "early", "alpha", "zeta", "late");
    }

    @Test
    void aRelayWithNothingSetIsNotConfigured() {
        assertThat(only("SMTP_HOST=s1.test", "SMTP_FROM=a@b.test", "SMTP_2_HOST=", "SMTP_2_PORT= ", "SMTP_3_PASS="))
                .extracting(Relay::name)
                .isEqualTo("primary");
    }

    @Test
    void theLongNameWinsOverTheShortOne() {
        Relay relay = only("SMTP_HOST=short.test", "SMTP_FROM=a@b.test", "mailer.relays.primary.host=long.test");

        assertThat(relay.host()).isEqualTo("long.test");
    }

    @Test
    void everyLongNameIsRead() {
        Relay relay = only(
                "mailer.relays.eu.provider=mailgun",
                "mailer.relays.eu.host=smtp.eu.mailgun.org",
                "mailer.relays.eu.port=2525",
                "mailer.relays.eu.tls=STARTTLS",
                "mailer.relays.eu.user=u",
                "mailer.relays.eu.password=p",
                "mailer.relays.eu.from=a@b.test",
                "mailer.relays.eu.from-name=Der Laden",
                "mailer.relays.eu.max-connections=7",
                "mailer.relays.eu.mailsPerConnection=8",
                "mailer.relays.eu.idle-timeout=9s",
                "mailer.relays.eu.max_age=10m",
                "mailer.relays.eu.connect-timeout=500ms",
                "mailer.relays.eu.read-timeout=PT12S");

        assertThat(relay.ports()).startsWith(new PortChoice(2525, TlsMode.STARTTLS));
        assertThat(relay.fromName()).isEqualTo("Der Laden");
        assertThat(relay.limits())
                .isEqualTo(new ConnectionLimits(
                        7,
                        8,
                        Duration.ofSeconds(9),
                        Duration.ofMinutes(10),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(12)));
    }

    @Test
    void secretsFromFilesAreOftenInLowerCase() {
        Relay relay = only("SMTP_HOST=s.test", "SMTP_USER=u", "smtp_pass=from-a-file", "SMTP_FROM=a@b.test");

        assertThat(relay.secret()).isEqualTo(new Secret("from-a-file"));
    }

    @Test
    void environmentVariablesReachTheLongNamesAndAreNamedInErrors() {
        StandardEnvironment env = new StandardEnvironment() {
            @Override
            public Map<String, Object> getSystemEnvironment() {
                return Map.of("MAILER_RELAYS_EU_MAXCONNECTIONS", "many");
            }
        };
        env.getPropertySources().remove("systemProperties");
        env.getPropertySources()
                .replace(
                        "systemEnvironment",
                        new SystemEnvironmentPropertySource(
                                "systemEnvironment",
                                Map.of(
                                        "MAILER_RELAYS_EU_HOST", "s.test",
                                        "MAILER_RELAYS_EU_FROM_NAME", "Shop",
                                        "MAILER_RELAYS_EU_FROM", "a@b.test",
                                        "MAILER_RELAYS_EU_MAXCONNECTIONS", "many")));

        assertThatThrownBy(() -> RelaySettings.read(env, PRESETS, warnings::add))
                .hasMessage("MAILER_RELAYS_EU_MAXCONNECTIONS is \"many\", which is not a number from 1 to 1000; the"
                        + " default is 20.");
    }

    @Test
    void aDirectoryOfSecretsIsReadAsSpringBootMountsIt(@TempDir Path secrets) throws IOException {
        Files.writeString(secrets.resolve("smtp_pass"), "from-a-file\n");
        Files.writeString(secrets.resolve("SMTP_2_PASS"), "a${b}c");
        MockEnvironment env = new MockEnvironment()
                .withProperty("SMTP_HOST", "s.test")
                .withProperty("SMTP_USER", "u")
                .withProperty("SMTP_FROM", "a@b.test")
                .withProperty("SMTP_2_HOST", "s2.test")
                .withProperty("SMTP_2_USER", "u");
        env.getPropertySources()
                .addLast(new ConfigTreePropertySource(
                        "secrets", secrets, ConfigTreePropertySource.Option.AUTO_TRIM_TRAILING_NEW_LINE));
        ConfigurationPropertySources.attach(env);

        assertThat(RelaySettings.read(env, PRESETS, warnings::add))
                .extracting(Relay::secret)
                .containsExactly(new Secret("from-a-file"), new Secret("a${b}c"));
        assertThat(warnings).isEmpty();
    }

    @Test
    void aPasswordMayHoldADollarAndABrace() {
        assertThat(only("SMTP_HOST=s.test", "SMTP_USER=u", "SMTP_PASS=a${b}c", "SMTP_FROM=a@b.test")
                        .secret())
                .isEqualTo(new Secret("a${b}c"));
    }

    @Test
    void settingsMayReferToOthers() {
        Relay relay = only(
                "MY_HOST=s.test",
                "MY_PASS=p$w",
                "mailer.relays.eu.host=${MY_HOST}",
                "mailer.relays.eu.user=u",
                "mailer.relays.eu.password=${MY_PASS}",
                "mailer.relays.eu.from=${MY_FROM:a@b.test}");

        assertThat(relay.host()).isEqualTo("s.test");
        assertThat(relay.from()).isEqualTo("a@b.test");
        assertThat(relay.secret()).isEqualTo(new Secret("p$w"));
    }

    @Test
    void theFirstSenderServesTheOtherRelaysUnlessTheyTakeOnlyTheirOwn() {
        List<Relay> relays = read(
                "SMTP_HOST=s1.test",
                "SMTP_FROM=shop@b.test",
                "SMTP_FROM_NAME=Shop",
                "SMTP_2_PROVIDER=yandex",
                "SMTP_2_USER=shop@yandex.ru",
                "SMTP_2_PASS=p",
                "SMTP_3_HOST=s3.test",
                "SMTP_3_USER=ann@c.test",
                "SMTP_3_PASS=p");

        assertThat(relays).extracting(Relay::from).containsExactly("shop@b.test", "shop@yandex.ru", "shop@b.test");
        assertThat(relays).extracting(Relay::fromName).containsOnly("Shop");
    }

    @Test
    void aSenderAloneServesRelaysWithLongNames() {
        assertThat(only("SMTP_FROM=shop@b.test", "SMTP_FROM_NAME=Shop", "mailer.relays.eu.host=s.test"))
                .returns("shop@b.test", Relay::from)
                .returns("Shop", Relay::fromName);
    }

    @Test
    void noTextOfARelayShowsItsPassword() throws Exception {
        Relay relay = only("SMTP_HOST=s.test", "SMTP_USER=u", "SMTP_PASS= s3cret ", "SMTP_FROM=a@b.test");

        assertAll(
                () -> assertThat(relay.toString()).doesNotContain("s3cret"),
                () -> assertThat(relay.secret()).hasToString("***"),
                () -> assertThat(new ObjectMapper().findAndRegisterModules().writeValueAsString(relay.secret()))
                        .isEqualTo("\"***\""),
                () -> assertThat(warnings).noneMatch(warning -> warning.contains("s3cret")));
    }

    static Stream<Arguments> errors() {
        return Stream.of(
                arguments(
                        "No relay is configured; set SMTP_HOST and SMTP_FROM (or SMTP_PROVIDER, SMTP_USER and"
                                + " SMTP_PASS), or mailer.relays.<name>.host; see .env.example.",
                        new String[] {}),
                arguments(
                        "No relay is configured; set SMTP_HOST and SMTP_FROM (or SMTP_PROVIDER, SMTP_USER and"
                                + " SMTP_PASS), or mailer.relays.<name>.host; see .env.example.",
                        new String[] {"SMTP_FROM=a@b.test"}),
                arguments(
                        "SMTP_PORT is \"abc\", which is not a port; use a number from 1 to 65535, usually 587 or 465.",
                        host("SMTP_PORT=abc")),
                arguments(
                        "SMTP_PORT is \"0\", which is not a port; use a number from 1 to 65535, usually 587 or 465.",
                        host("SMTP_PORT=0")),
                arguments(
                        "SMTP_2_PORT is \"65536\", which is not a port; use a number from 1 to 65535, usually 587 or"
                                + " 465.",
                        host("SMTP_2_HOST=s2.test", "SMTP_2_PORT=65536")),
                arguments(
                        "smtp_port is \"99999999999\", which is not a port; use a number from 1 to 65535, usually 587 or"
                                + " 465.",
                        host("smtp_port=99999999999")),
                arguments(
                        "mailer.relays.eu.port is \"-1\", which is not a port; use a number from 1 to 65535, usually 587"
                                + " or 465.",
                        host("mailer.relays.eu.host=s.test", "mailer.relays.eu.port=-1")),
                arguments(
                        "SMTP_PROVIDER is \"gmial\", which is not a known provider; did you mean \"gmail\"? Known are "
                                + ALL_PRESETS + ", or set SMTP_HOST instead.",
                        new String[] {"SMTP_PROVIDER=gmial"}),
                arguments(
                        "mailer.relays.eu.provider is \"pigeon\", which is not a known provider; use one of "
                                + ALL_PRESETS + ", or set mailer.relays.eu.host instead.",
                        new String[] {"mailer.relays.eu.provider=pigeon"}),
                arguments(
                        "SMTP_PROVIDER is \"ses\", whose host depends on the region; set SMTP_HOST to"
                                + " email-smtp.<region>.amazonaws.com.",
                        new String[] {"SMTP_PROVIDER=ses", "SMTP_USER=u", "SMTP_PASS=p"}),
                arguments(
                        "SMTP_TLS is \"ssl\", which is not a TLS mode; use implicit (usual on port 465), starttls (usual"
                                + " on port 587) or none (readable for everyone on the way), or leave it out.",
                        host("SMTP_TLS=ssl")),
                arguments(
                        "SMTP_TLS is \"implicit\", but port 587 of yandex speaks starttls; leave SMTP_TLS out, or choose"
                                + " another port of 587 (starttls), 465 (implicit).",
                        new String[] {"SMTP_PROVIDER=yandex", "SMTP_PORT=587", "SMTP_TLS=implicit"}),
                arguments(
                        "SMTP_TLS is \"none\", but port 465 of yandex speaks implicit; leave SMTP_TLS out, or choose"
                                + " another port of 587 (starttls), 465 (implicit).",
                        new String[] {"SMTP_PROVIDER=yandex", "SMTP_PORT=465", "SMTP_TLS=none"}),
                arguments(
                        "SMTP_TLS is \"implicit\", but mailtrap has no such port; leave it out, or use one of 587"
                                + " (starttls), 2525 (starttls).",
                        new String[] {"SMTP_PROVIDER=mailtrap", "SMTP_TLS=implicit"}),
                arguments(
                        "SMTP_HOST is a URL, but a host name alone is needed; write the host name without \"://\" and"
                                + " what follows it, the port in SMTP_PORT and the TLS mode in SMTP_TLS.",
                        new String[] {"SMTP_HOST=smtps://u:s3cret@s.test:465"}),
                arguments(
                        "SMTP_HOST is \"s.test:587\", which is a host with a port; write \"s.test\" there and \"587\" in"
                                + " SMTP_PORT.",
                        new String[] {"SMTP_HOST=s.test:587"}),
                arguments(
                        "SMTP_HOST is \"[::1]:2525\", which is a host with a port; write \"[::1]\" there and \"2525\" in"
                                + " SMTP_PORT.",
                        new String[] {"SMTP_HOST=[::1]:2525"}),
                arguments(
                        "SMTP_HOST holds an \"@\", but a host name is needed, not an address; write the SMTP server's"
                                + " name, such as smtp.example.com.",
                        new String[] {"SMTP_HOST=ann@s.test"}),
                arguments(
                        "SMTP_HOST is \"s.test t.test\", which is not a host name, because it holds white space; write"
                                + " one name, such as smtp.example.com.",
                        new String[] {"SMTP_HOST=s.test t.test"}),
                arguments(
                        "SMTP_HOST is \"s.test/x\", which is neither a host name nor an IP address; write the SMTP"
                                + " server's name, such as smtp.example.com.",
                        new String[] {"SMTP_HOST=s.test/x"}),
                arguments(
                        "SMTP_USER is set, but neither SMTP_HOST nor SMTP_PROVIDER; set one of them, or remove"
                                + " SMTP_USER.",
                        new String[] {"SMTP_USER=u"}),
                arguments(
                        "SMTP_2_PASS is set, but neither SMTP_2_HOST nor SMTP_2_PROVIDER; set one of them, or remove"
                                + " SMTP_2_PASS.",
                        host("SMTP_2_PASS=p")),
                arguments(
                        "SMTP_USER is set, but SMTP_PASS is not; set SMTP_PASS, or remove SMTP_USER if the relay asks for"
                                + " no login.",
                        host("SMTP_USER=u")),
                arguments(
                        "SMTP_USER is set, but SMTP_PASS is not; set SMTP_PASS to a 16-character app password, which"
                                + " needs 2-step verification (https://myaccount.google.com/apppasswords), or remove"
                                + " SMTP_USER if the relay asks for no login.",
                        new String[] {"SMTP_PROVIDER=gmail", "SMTP_USER=a@b.test"}),
                arguments(
                        "SMTP_PASS is set, but SMTP_USER is not; set SMTP_USER, or remove SMTP_PASS if the relay asks for"
                                + " no login.",
                        host("SMTP_PASS=p")),
                arguments(
                        "SMTP_PASS is set, but SMTP_USER is not; set SMTP_USER to the full address, or remove SMTP_PASS"
                                + " if the relay asks for no login.",
                        new String[] {"SMTP_PROVIDER=mailru", "SMTP_PASS=p"}),
                arguments(
                        "SMTP_USER and SMTP_PASS are not set, but yandex takes mail only after a login; set SMTP_USER to"
                                + " the mailbox login or the full address and SMTP_PASS to an app password, not the"
                                + " account's own password; it is void after the account's password changes"
                                + " (https://id.yandex.ru/security/app-passwords).",
                        new String[] {"SMTP_PROVIDER=yandex"}),
                arguments(
                        "SMTP_USER holds a line break or another control character; write the user name on one line.",
                        host("SMTP_USER=u\nv", "SMTP_PASS=p")),
                arguments(
                        "SMTP_PASS holds a line break or another control character; write the password on one line.",
                        host("SMTP_USER=u", "SMTP_PASS=p\nq")),
                arguments(
                        "SMTP_FROM is not set, and relay \"primary\" has no other sender address; set SMTP_FROM to the"
                                + " address that mails shall come from.",
                        new String[] {"SMTP_HOST=s.test"}),
                arguments(
                        "SMTP_2_FROM is not set, and relay \"secondary\" has no other sender address (yandex takes only"
                                + " its own); set SMTP_2_FROM to the address that mails shall come from.",
                        host("SMTP_2_PROVIDER=yandex", "SMTP_2_USER=shop", "SMTP_2_PASS=p")),
                arguments(
                        "SMTP_FROM is \"Shop <a@b.test>\", which is an address with a name; write only the address there,"
                                + " and the name in SMTP_FROM_NAME.",
                        new String[] {"SMTP_HOST=s.test", "SMTP_FROM=Shop <a@b.test>"}),
                arguments(
                        "SMTP_FROM is \"shop\", which is not an e-mail address; write one address, such as"
                                + " no-reply@example.com.",
                        new String[] {"SMTP_HOST=s.test", "SMTP_FROM=shop"}),
                arguments(
                        "SMTP_FROM is \"a@b.test??Bcc: c@d.test\", which is not an e-mail address; write one address,"
                                + " such as no-reply@example.com.",
                        new String[] {"SMTP_HOST=s.test", "SMTP_FROM=a@b.test\r\nBcc: c@d.test"}),
                arguments(
                        "SMTP_FROM_NAME is \"Shop??Bcc: c@d.test\", which holds a line break or another control"
                                + " character; write the name on one line.",
                        host("SMTP_FROM_NAME=Shop\r\nBcc: c@d.test")),
                arguments(
                        "mailer.relays.eu.connect-timeout is \"5\", which is not a time from 100ms to 120s; write a"
                                + " number and its unit, such as 5s, 500ms or 10m.",
                        host("mailer.relays.eu.host=s.test", "mailer.relays.eu.connect-timeout=5")),
                arguments(
                        "mailer.relays.eu.read-timeout is \"1h\", which is not a time from 100ms to 600s; write a number"
                                + " and its unit, such as 5s, 500ms or 10m.",
                        host("mailer.relays.eu.host=s.test", "mailer.relays.eu.read-timeout=1h")),
                arguments(
                        "mailer.relays.eu.idle-timeout is \"soon\", which is not a time from 1s to 3600s; write a number"
                                + " and its unit, such as 5s, 500ms or 10m.",
                        host("mailer.relays.eu.host=s.test", "mailer.relays.eu.idle-timeout=soon")),
                arguments(
                        "mailer.relays.eu.max-age is \"-5s\", which is not a time from 1s to 86400s; write a number and"
                                + " its unit, such as 5s, 500ms or 10m.",
                        host("mailer.relays.eu.host=s.test", "mailer.relays.eu.max-age=-5s")),
                arguments(
                        "mailer.relays.primary.max-connections is \"0\", which is not a number from 1 to 1000; the"
                                + " default is 20.",
                        host("mailer.relays.primary.max-connections=0")),
                arguments(
                        "mailer.relays.eu.mails-per-connection is \"many\", which is not a number from 1 to 1000000; the"
                                + " default is 100.",
                        host("mailer.relays.eu.host=s.test", "mailer.relays.eu.mails-per-connection=many")),
                arguments(
                        "mailer.relays.eu.priority is \"high\", which is not a priority; use a whole number from 0 to"
                                + " 1000000, the lower the sooner.",
                        host("mailer.relays.eu.host=s.test", "mailer.relays.eu.priority=high")),
                arguments(
                        "mailer.relays.primary.priority is \"5\", but primary, secondary and tertiary always come first"
                                + " and in this order; leave it out, or give the relay another name.",
                        host("mailer.relays.primary.priority=5")),
                arguments(
                        "mailer.relays.eu.prot is not a setting of a relay; did you mean \"port\"?",
                        host("mailer.relays.eu.prot=5")),
                arguments(
                        "mailer.relays.eu.colour is not a setting of a relay; use one of provider, host, port, tls, user,"
                                + " password, from, from-name, priority, max-connections, mails-per-connection,"
                                + " mails-per-day, mails-per-month, idle-timeout, max-age, connect-timeout, read-timeout.",
                        host("mailer.relays.eu.colour=red")),
                arguments(
                        "mailer.relays.eu_1 names a relay \"eu_1\", but a relay's name is made of letters, digits and"
                                + " dashes, because its route is called relay-<name>; choose another name.",
                        host("mailer.relays.eu_1.host=s.test")),
                arguments(
                        "Two relays are named \"eu\" (mailer.relays.EU and mailer.relays.eu); relay names must be"
                                + " unique.",
                        host("mailer.relays.EU.host=s.test", "mailer.relays.eu.port=25")),
                arguments(
                        "mailer.relays.eu is not a list of settings; write one setting a line below it, such as"
                                + " mailer.relays.<name>.host.",
                        host("mailer.relays.eu=s.test")),
                arguments(
                        "mailer.relays.eu.host is \"${NOWHERE}\", which refers to a setting that is not set; set it, or"
                                + " write the value itself.",
                        host("mailer.relays.eu.host=${NOWHERE}")),
                arguments(
                        "mailer.relays.eu.password refers to another setting by ${…} which is not set; set that one, or"
                                + " write the password itself.",
                        host("mailer.relays.eu.host=s.test", "mailer.relays.eu.password=${S3CRET}")));
    }

    @ParameterizedTest
    @MethodSource("errors")
    void aSettingThatMakesNoSenseIsToldInOneSentence(String sentence, String[] settings) {
        assertThatThrownBy(() -> read(settings))
                .isInstanceOf(SettingException.class)
                .hasMessage(sentence)
                .hasNoCause();
    }

    static Stream<Arguments> oddities() {
        return Stream.of(
                arguments(
                        "SMTP_PASS began or ended with white space, which was cut off.",
                        host("SMTP_USER=u", "SMTP_PASS=s3cret \n")),
                arguments(
                        "SMTP_PASS looks like a placeholder; set the real password.",
                        host("SMTP_USER=u", "SMTP_PASS=changeme")),
                arguments(
                        "SMTP_PASS looks like a placeholder; set the real password.",
                        host("SMTP_USER=u", "SMTP_PASS=your-password")),
                arguments(
                        "SMTP_PASS looks like a placeholder; set the real password.",
                        host("SMTP_USER=u", "SMTP_PASS=<app password>")),
                arguments(
                        "SMTP_USER looks like a placeholder; set the real user name.",
                        host("SMTP_USER=your-user", "SMTP_PASS=p")),
                arguments(
                        "SMTP_PASS is in quotation marks, which are taken as part of the password; remove them if they"
                                + " are not.",
                        host("SMTP_USER=u", "SMTP_PASS=\"s3cret\"")),
                arguments(
                        "SMTP_PASS does not look like a password of Twilio SendGrid; it is an API key of the form"
                                + " SG.… (https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys).",
                        new String[] {"SMTP_PROVIDER=sendgrid", "SMTP_PASS=s3cret", "SMTP_FROM=a@b.test"}),
                arguments(
                        "SMTP_PASS does not look like a password of Gmail and Google Workspace; it is a 16-character app"
                                + " password, which needs 2-step verification"
                                + " (https://myaccount.google.com/apppasswords).",
                        new String[] {
                            "SMTP_PROVIDER=gmail", "SMTP_USER=a@b.test", "SMTP_PASS=s3cret", "SMTP_FROM=a@b.test"
                        }),
                arguments(
                        "SMTP_USER does not look like a user name of SMTP2GO; it is the SMTP user, not the account's"
                                + " e-mail address.",
                        new String[] {
                            "SMTP_PROVIDER=smtp2go", "SMTP_USER=a@b.test", "SMTP_PASS=s3cret", "SMTP_FROM=a@b.test"
                        }),
                arguments(
                        "SMTP_TLS is \"none\", so mails, codes and the password travel to s.test readable for everyone"
                                + " on the way; use starttls or implicit.",
                        host("SMTP_TLS=none", "SMTP_USER=u", "SMTP_PASS=s3cret")),
                arguments(
                        "SMTP_HOST is \"proxy.test\", which is not a known host of ses; its limits and replies are used,"
                                + " its ports are not.",
                        new String[] {"SMTP_PROVIDER=ses", "SMTP_HOST=proxy.test", "SMTP_FROM=a@b.test"}),
                arguments(
                        "SMTP_FROM differs from SMTP_USER, but yandex takes only senders that belong to the user; make"
                                + " sure that this one does.",
                        new String[] {
                            "SMTP_PROVIDER=yandex", "SMTP_USER=a@yandex.ru", "SMTP_PASS=s3cret", "SMTP_FROM=b@b.test"
                        }),
                arguments(
                        "mailer.relays.eu.max-connections is 11, but Mailtrap Email Sending allows 10; what is above will"
                                + " be refused.",
                        new String[] {
                            "mailer.relays.eu.provider=mailtrap",
                            "mailer.relays.eu.user=api",
                            "mailer.relays.eu.password=s3cret",
                            "mailer.relays.eu.from=a@b.test",
                            "mailer.relays.eu.max-connections=11"
                        }));
    }

    @ParameterizedTest
    @MethodSource("oddities")
    void aSettingThatIsHardlyMeantIsWarnedOf(String sentence, String[] settings) {
        assertThat(read(settings)).hasSize(1);
        assertThat(warnings).containsExactly(sentence);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a@b.test",
                "first.last+tag@sub.b.test",
                "app@localhost",
                "пост@почта.рф",
                "o'brien@b.test",
            })
    void ordinaryAndInternationalSendersAreTaken(String from) {
        assertThat(only("SMTP_HOST=s.test", "SMTP_FROM=" + from).from()).isEqualTo(from);
    }

    private static String[] host(String... more) {
        return Stream.concat(Stream.of("SMTP_HOST=s.test", "SMTP_FROM=a@b.test"), Stream.of(more))
                .toArray(String[]::new);
    }

    private Relay only(String... settings) {
        List<Relay> relays = read(settings);
        assertThat(relays).hasSize(1);
        return relays.get(0);
    }

    private List<Relay> read(String... settings) {
        MockEnvironment env = new MockEnvironment();
        Map<String, Object> map = new LinkedHashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            map.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        env.getPropertySources().addFirst(new MapPropertySource("settings", map));
        return RelaySettings.read(env, PRESETS, warnings::add);
    }
}
