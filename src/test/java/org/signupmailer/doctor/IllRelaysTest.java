package org.signupmailer.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.signupmailer.relay.PortChoice;
import org.signupmailer.relay.TlsMode;
import org.signupmailer.testing.kafka.FreePorts;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.signupmailer.testing.smtp.SilentPort;
import org.signupmailer.testing.smtp.TestCertificates;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Every illness that a relay is known to have: the doctor names it and what to do, and never shows the password. */
@ExtendWith(OutputCaptureExtension.class)
class IllRelaysTest {

    private static final Duration SHORT = Duration.ofSeconds(2);

    @Test
    void aRelayThatIsWellPassesEveryStepAndGetsNoMail(CapturedOutput output) {
        try (ScriptedSmtpServer smtp = wellServer()) {
            Diagnosis diagnosis = Clinic.of(smtp).to("ann@example.com").examine();

            assertThat(diagnosis.couldSend()).isTrue();
            assertThat(diagnosis.steps())
                    .extracting(StepResult::step)
                    .containsExactly(
                            Step.SETTINGS,
                            Step.DNS,
                            Step.TCP,
                            Step.GREETING,
                            Step.TLS,
                            Step.EHLO,
                            Step.AUTH,
                            Step.SENDER,
                            Step.RECIPIENT);
            assertThat(diagnosis.steps()).extracting(StepResult::outcome).containsOnly(Outcome.OK);
            assertThat(detail(diagnosis, Step.TLS))
                    .contains("TLSv1.3", "valid test server", "issued by test authority");
            assertThat(detail(diagnosis, Step.EHLO))
                    .contains("AUTH PLAIN LOGIN", "PIPELINING", "SMTPUTF8", "SIZE 10485760");
            assertThat(smtp.mailCount()).isZero();
            await().untilAsserted(
                            () -> assertThat(smtp.conversation(1).commands()).endsWith("RSET", "QUIT"));
            assertKeepsSecrets(diagnosis, output);
        }
    }

    @Test
    void aTestMailIsSentOnlyWhenItIsAskedFor(CapturedOutput output) {
        try (ScriptedSmtpServer smtp = wellServer()) {
            Diagnosis diagnosis = Clinic.of(smtp)
                    .plan(new Plan(true, true, "ann@example.com", true, false))
                    .examine();

            assertThat(diagnosis.couldSend()).isTrue();
            assertThat(smtp.mails()).singleElement().satisfies(mail -> assertThat(mail.recipients())
                    .containsExactly("ann@example.com"));
            assertKeepsSecrets(diagnosis, output);
        }
    }

    @Test
    void aNameThatDoesNotResolveIsToldWithTheResolversAnswer(CapturedOutput output) {
        try (FakeResolver resolver = FakeResolver.start()) {
            Diagnosis diagnosis = Clinic.at("no-such-host.invalid", 587, TlsMode.STARTTLS)
                    .asking(resolver)
                    .examine();

            assertFound(diagnosis, "name-not-found", Step.DNS, output);
            assertThat(failure(diagnosis).cause()).contains("no-such-host.invalid", resolver.address(), "NXDOMAIN");
            assertThat(failure(diagnosis).remedy()).contains("SMTP_HOST");
        }
    }

    @Test
    void aNameWithoutAnAddressAndAResolverThatIsIllAreTwoOtherThings(CapturedOutput output) {
        try (FakeResolver resolver = FakeResolver.start()) {
            Clinic clinic =
                    Clinic.at("no-such-host.invalid", 587, TlsMode.STARTTLS).asking(resolver);

            resolver.exists("no-such-host.invalid");
            assertFound(clinic.examine(), "name-without-address", Step.DNS, output);
            resolver.fallIll();
            Diagnosis diagnosis = clinic.examine();
            assertFound(diagnosis, "dns-no-answer", Step.DNS, output);
            assertThat(failure(diagnosis).cause()).contains("SERVFAIL");
        }
    }

    @Test
    void aClosedPortIsNamedWithTheUsualPorts(CapturedOutput output) {
        int port = FreePorts.any();

        Diagnosis diagnosis = Clinic.at("127.0.0.1", port, TlsMode.STARTTLS).examine();

        assertFound(diagnosis, "port-refused", Step.TCP, output);
        assertThat(failure(diagnosis).cause()).contains(Integer.toString(port));
        assertThat(failure(diagnosis).remedy()).contains("SMTP_HOST", "SMTP_PORT", "587 (starttls), 465 (implicit)");
    }

    @Test
    void aSilentPortBesideOneThatWorksIsAWarningThatNamesTheOtherPort(CapturedOutput output) {
        try (SilentPort silent = SilentPort.open();
                ScriptedSmtpServer smtp = wellServer()) {
            Diagnosis diagnosis = Clinic.of(smtp)
                    .at(
                            new PortChoice(silent.number(), TlsMode.STARTTLS),
                            new PortChoice(smtp.port(), TlsMode.STARTTLS))
                    .connectingWithin(SHORT)
                    .examine();

            assertThat(diagnosis.couldSend()).isTrue();
            assertThat(diagnosis.advice()).singleElement().satisfies(advice -> {
                assertThat(advice.id()).isEqualTo("port-silent");
                assertThat(advice.cause()).contains(silent.number() + " of 127.0.0.1 gets no answer");
                assertThat(advice.remedy()).isEqualTo("Set SMTP_PORT=" + smtp.port() + ".");
            });
            assertThat(new Report(new Texts(Language.EN), Style.PLAIN)
                            .of(List.of(diagnosis))
                            .lines())
                    .first()
                    .asString()
                    .startsWith("! primary: mail can go out, but: ")
                    .endsWith("→ Set SMTP_PORT=" + smtp.port() + ".");
            assertKeepsSecrets(diagnosis, output);
        }
    }

    @Test
    void silentPortsAreAllWaitedForAtTheSameTime(CapturedOutput output) {
        try (SilentPort one = SilentPort.open();
                SilentPort two = SilentPort.open();
                SilentPort three = SilentPort.open()) {
            Clinic clinic = Clinic.at("127.0.0.1", one.number(), TlsMode.STARTTLS)
                    .at(
                            new PortChoice(one.number(), TlsMode.STARTTLS),
                            new PortChoice(two.number(), TlsMode.STARTTLS),
                            new PortChoice(three.number(), TlsMode.IMPLICIT))
                    .connectingWithin(Duration.ofSeconds(3));

            CompletableFuture<Diagnosis> examination =
                    clinic.doctor(Language.EN).begin(clinic.relay(), clinic.plan(), (relay, step) -> {});

            await().until(() -> connecting().size() == 3);
            assertThat(connecting())
                    .containsExactlyInAnyOrder(
                            "doctor-connect-127.0.0.1-" + one.number(),
                            "doctor-connect-127.0.0.1-" + two.number(),
                            "doctor-connect-127.0.0.1-" + three.number());
            Diagnosis diagnosis = examination.join();
            assertFound(diagnosis, "ports-silent", Step.TCP, output);
            assertThat(failure(diagnosis).cause()).contains(one.number() + ", " + two.number() + ", " + three.number());
            assertThat(failure(diagnosis).remedy()).contains("hoster", "2525");
        }
    }

    private static Set<String> connecting() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("doctor-connect-"))
                .collect(Collectors.toSet());
    }

    @Test
    void implicitTlsSpokenToAStarttlsPortIsToldFromABadCertificate(CapturedOutput output) {
        try (ScriptedSmtpServer smtp = wellServer()) {
            Diagnosis diagnosis = Clinic.of(smtp).speaking(TlsMode.IMPLICIT).examine();

            assertFound(diagnosis, "implicit-on-starttls", Step.TLS, output);
            assertThat(failure(diagnosis).remedy()).contains("SMTP_TLS=starttls");
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = TlsMode.class,
            names = {"STARTTLS", "NONE"})
    void aPlainBeginningOnAnImplicitPortIsToldBeforeBothSidesTireOfWaiting(TlsMode mode, CapturedOutput output) {
        try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with()
                .tls(org.signupmailer.testing.smtp.TlsMode.IMPLICIT)
                .start()) {
            Diagnosis diagnosis = Clinic.of(smtp).speaking(mode).examine();

            assertFound(diagnosis, "starttls-on-implicit", Step.GREETING, output);
            assertThat(failure(diagnosis).remedy()).contains("SMTP_TLS=implicit");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "EXPIRED, certificate-expired, expired on",
        "WRONG_HOST, certificate-other-host, but for smtp.elsewhere.test",
        "SELF_SIGNED, certificate-self-signed, signed by itself"
    })
    void aCertificateThatDoesNotVerifyIsShownWithItsDatesAndTheClock(
            TestCertificates.Kind kind, String id, String cause, CapturedOutput output) {
        for (org.signupmailer.testing.smtp.TlsMode mode : List.of(
                org.signupmailer.testing.smtp.TlsMode.STARTTLS, org.signupmailer.testing.smtp.TlsMode.IMPLICIT)) {
            try (ScriptedSmtpServer smtp = ScriptedSmtpServer.with()
                    .tls(mode)
                    .certificate(kind)
                    .user(Clinic.USER, Clinic.PASSWORD)
                    .start()) {
                Diagnosis diagnosis = Clinic.of(smtp).examine();

                assertFound(diagnosis, id, Step.TLS, output);
                assertThat(failure(diagnosis).cause()).contains(cause);
                assertThat(failure(diagnosis).said()).contains(" test server", "this machine's clock: 20", "UTC");
                assertThat(smtp.count(Phase.AUTH)).isZero();
            }
        }
    }

    @Test
    void aRelayWithoutStarttlsIsNotTalkedToUnprotected(CapturedOutput output) {
        try (ScriptedSmtpServer smtp =
                ScriptedSmtpServer.with().user(Clinic.USER, Clinic.PASSWORD).start()) {
            Diagnosis diagnosis = Clinic.of(smtp).speaking(TlsMode.STARTTLS).examine();

            assertFound(diagnosis, "no-starttls", Step.TLS, output);
            assertThat(failure(diagnosis).remedy()).contains("465", "SMTP_TLS=none");
            assertThat(smtp.count(Phase.AUTH)).isZero();
        }
    }

    @Test
    void aRelayThatOffersNoLoginOrOnlyUnknownOnesIsTold(CapturedOutput output) {
        try (ScriptedSmtpServer none = ScriptedSmtpServer.start();
                ScriptedSmtpServer other = ScriptedSmtpServer.with()
                        .capabilities("AUTH CRAM-MD5 GSSAPI")
                        .start()) {
            assertFound(Clinic.of(none).examine(), "auth-not-offered", Step.AUTH, output);
            Diagnosis diagnosis = Clinic.of(other).examine();
            assertFound(diagnosis, "auth-no-mechanism", Step.AUTH, output);
            assertThat(failure(diagnosis).cause()).contains("CRAM-MD5 GSSAPI");
        }
    }

    @Test
    void aWrongPasswordIsTriedOnceAndNeverShownEvenIfTheRelayRepeatsIt(CapturedOutput output) {
        try (ScriptedSmtpServer smtp = wellServer()) {
            String echo = Clinic.secrets().stream().collect(Collectors.joining(" or "));
            smtp.on(Phase.AUTH).reply(535, "5.7.8 No " + Clinic.PASSWORD, "or", echo);

            Diagnosis diagnosis = Clinic.of(smtp).examine();

            assertFound(diagnosis, "credentials", Step.AUTH, output);
            assertThat(failure(diagnosis).said()).startsWith("535 5.7.8 No ***");
            assertThat(smtp.count(Phase.AUTH)).isEqualTo(1);
        }
    }

    @Test
    void aRelayThatRepeatsThePasswordLaterOnDoesNotGetItShown(CapturedOutput output) {
        try (ScriptedSmtpServer smtp = wellServer()) {
            String both = Clinic.secrets().get(2);
            smtp.on(Phase.MAIL)
                    .reply(
                            553,
                            "5.7.1 " + Clinic.PASSWORD + " " + Clinic.secrets().get(1),
                            both.substring(0, 9),
                            both.substring(9));

            assertFound(Clinic.of(smtp).examine(), "sender-refused", Step.SENDER, output);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            yandex   | 535 | 5.7.8 Error: authentication failed: Your message looks like spam | yandex-account-flagged | password is right
            yandex   | 535 | 5.7.8 Error: authentication failed: Invalid user or password | yandex-credentials | id.yandex.ru/security/app-passwords
            yandex360| 535 | 5.7.8 Error: authentication failed: Invalid user or password | yandex-credentials | id.yandex.ru/security/app-passwords
            gmail    | 535 | 5.7.8 Username and Password not accepted | gmail-credentials | myaccount.google.com/apppasswords
            gmail    | 534 | 5.7.9 Application-specific password required | gmail-credentials | myaccount.google.com/apppasswords
            mailru   | 535 | 5.7.0 NEOBHODIM parol prilozheniya / Application password is REQUIRED | mailru-credentials | help.mail.ru
            mailtrap | 535 | 5.7.8 Too many connections per account | mailtrap-connections | max-connections
            smtp2go  | 535 | Incorrect authentication data | smtp2go-credentials | support.smtp2go.com
            sendgrid | 451 | Authentication failed: Maximum credits exceeded | sendgrid-credits | larger plan
            sendgrid | 535 | Authentication failed: Bad username / password | sendgrid-credentials | twilio.com/docs/sendgrid
            mailgun  | 535 | 5.7.8 Authentication credentials invalid | mailgun-credentials | not the API key
            ses      | 535 | Authentication Credentials Invalid | ses-credentials | docs.aws.amazon.com
            resend   | 535 | Invalid username | resend-credentials | resend.com/api-keys
            """)
    void eachProvidersRefusalOfALoginHasItsOwnRemedy(
            String provider, int code, String text, String id, String words, CapturedOutput output) {
        try (ScriptedSmtpServer smtp = wellServer()) {
            smtp.on(Phase.AUTH).reply(code, text);

            Diagnosis diagnosis = Clinic.of(smtp).provider(provider).examine();

            assertFound(diagnosis, id, Step.AUTH, output);
            assertThat(failure(diagnosis).cause() + failure(diagnosis).remedy()).contains(words);
        }
    }

    @Test
    void aRefusedSenderAndARefusedRecipientAreToldApart(CapturedOutput output) {
        try (ScriptedSmtpServer smtp = wellServer()) {
            smtp.on(Phase.MAIL)
                    .reply(553, "5.7.1 Sender address rejected: not owned by auth user")
                    .once();
            smtp.on(Phase.RCPT).reply(550, "5.1.1 No such user ann@example.com").once();
            smtp.on(Phase.RCPT).reply(451, "4.7.1 Greylisted");

            Clinic clinic = Clinic.of(smtp).provider("yandex").to("ann@example.com");
            Diagnosis sender = clinic.examine();
            assertFound(sender, "sender-refused-by-text", Step.SENDER, output);
            assertThat(failure(sender).remedy()).contains("belongs to this relay's account");
            Diagnosis recipient = clinic.examine();
            assertFound(recipient, "recipient", Step.RECIPIENT, output);
            assertThat(Clinic.shown(recipient)).contains("a***@example.com").doesNotContain("ann@example.com");
            assertFound(clinic.examine(), "recipient-deferred", Step.RECIPIENT, output);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            421 | 4.7.0 Try again later | greeting-deferred | Wait some minutes
            421 | 4.7.0 Too many connections from your address | connections | max-connections
            554 | 5.7.1 Your address 192.0.2.1 is listed | greeting-refused | Ask the provider whether this machine's address is blocked
            """)
    void aGreetingThatTurnsUsAwaySaysWhetherToWaitOrToAsk(
            int code, String text, String id, String remedy, CapturedOutput output) {
        try (ScriptedSmtpServer smtp = wellServer()) {
            smtp.on(Phase.GREETING).replyAndClose(code, text);

            Diagnosis diagnosis = Clinic.of(smtp).examine();

            assertFound(diagnosis, id, Step.GREETING, output);
            assertThat(failure(diagnosis).remedy()).contains(remedy);
            assertThat(failure(diagnosis).said()).contains(Integer.toString(code), text.substring(6));
        }
    }

    @Test
    void aRelayThatSaysNothingHangsUpOrIsNoMailServerIsToldApart(CapturedOutput output) {
        try (ScriptedSmtpServer smtp = wellServer()) {
            smtp.on(Phase.CONNECT).dropConnection().times(2);
            assertFound(Clinic.of(smtp).examine(), "hung-up", Step.GREETING, output);
            smtp.reset();
            smtp.on(Phase.GREETING).replyRaw("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertFound(Clinic.of(smtp).examine(), "not-smtp", Step.GREETING, output);
            smtp.reset();
            smtp.on(Phase.GREETING).staySilent();
            assertFound(Clinic.of(smtp).connectingWithin(SHORT).examine(), "greeting-silent", Step.GREETING, output);
        }
    }

    @Test
    void severalRelaysAreToldInTheirOrder() {
        try (ScriptedSmtpServer slow = wellServer();
                ScriptedSmtpServer quick = wellServer()) {
            slow.on(Phase.GREETING).delay(Duration.ofMillis(300));
            Clinic clinic = Clinic.of(slow);

            List<Diagnosis> both = clinic.doctor(Language.EN)
                    .examine(
                            List.of(Clinic.of(slow).relay(), Clinic.of(quick).relay()),
                            clinic.plan(),
                            (relay, step) -> {});

            assertThat(both).allMatch(Diagnosis::couldSend);
            assertThat(detail(both.get(0), Step.TCP)).contains(Integer.toString(slow.port()));
            assertThat(detail(both.get(1), Step.TCP)).contains(Integer.toString(quick.port()));
        }
    }

    private static ScriptedSmtpServer wellServer() {
        return ScriptedSmtpServer.with()
                .tls(org.signupmailer.testing.smtp.TlsMode.STARTTLS)
                .user(Clinic.USER, Clinic.PASSWORD)
                .requireAuth()
                .start();
    }

    private static void assertFound(Diagnosis diagnosis, String id, Step step, CapturedOutput output) {
        Finding failure = failure(diagnosis);
        assertThat(failure.id()).as("%s", failure).isEqualTo(id);
        assertThat(diagnosis.steps().get(diagnosis.steps().size() - 1))
                .satisfies(last -> assertThat(last.step()).isEqualTo(step))
                .satisfies(last -> assertThat(last.outcome()).isEqualTo(Outcome.FAILED));
        String report = new Report(new Texts(Language.EN), Style.PLAIN).of(List.of(diagnosis));
        assertThat(report.lines()).first().asString().contains(failure.cause(), failure.remedy());
        assertKeepsSecrets(diagnosis, output);
    }

    private static void assertKeepsSecrets(Diagnosis diagnosis, CapturedOutput output) {
        String all = (Clinic.shown(diagnosis) + output.getAll()).toLowerCase(Locale.ROOT);
        for (String secret : Clinic.secrets()) {
            assertThat(all).doesNotContain(secret);
            assertThat(all.replaceAll("\\s", "")).doesNotContain(secret.replaceAll("\\s", ""));
        }
    }

    private static Finding failure(Diagnosis diagnosis) {
        return Objects.requireNonNull(diagnosis.failure(), () -> "nothing was found: " + diagnosis);
    }

    private static String detail(Diagnosis diagnosis, Step step) {
        return diagnosis.steps().stream()
                .filter(one -> one.step() == step)
                .findFirst()
                .orElseThrow()
                .detail();
    }
}
