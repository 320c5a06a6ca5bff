package org.signupmailer.testing.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import javax.net.ssl.SSLException;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.util.MailConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScriptedSmtpServerTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String ENVELOPE = "MAIL FROM:<shop@example.com>\r\nRCPT TO:<ann@example.com>\r\nDATA\r\n";
    private static final String MAIL = "X-Event-Id: e-1\r\nSubject: Hello\r\n\r\nYour code\r\n";

    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable one : toClose) {
            one.close();
        }
    }

    @Nested
    class WellBehaved {

        @Test
        void mailFromAMailClientArrivesWithEnvelopeHeadersAndBytes() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with());
            send(smtp, "e-7", "ann@example.com", "bob@example.com");

            ReceivedMail mail = smtp.awaitMails(1, SOON).get(0);
            assertThat(mail.from()).isEqualTo("shop@example.com");
            assertThat(mail.recipients()).containsExactly("ann@example.com", "bob@example.com");
            assertThat(mail.header("x-event-id")).isEqualTo("e-7");
            assertThat(mail.header("X-Missing")).isNull();
            assertThat(mail.asMimeMessage().getSubject()).isEqualTo("Привет");
            assertThat(mail.asMimeMessage().getContent()).isEqualTo("Your code\r\n");
            assertThat(mail.connection()).isEqualTo(1);
            assertThat(mail.secured()).isFalse();
            assertThat(smtp.acceptedIds()).containsExactly("e-7");
        }

        @Test
        void aReceivedMailPrintsNeitherContentNorAddresses() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with());
            send(smtp, "e-7", "ann@example.com");
            assertThat(smtp.mails().get(0))
                    .asString()
                    .contains("e-7", "a***@example.com", "connection 1")
                    .doesNotContain("ann", "code");
        }

        @Test
        void aMailIsThereAsSoonAsItsClientHasTheAnswer() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with());
            try (RawClient client = RawClient.greet(smtp)) {
                for (int i = 1; i <= 200; i++) {
                    assertThat(deliver(client)).startsWith("250");
                    assertThat(smtp.mailCount()).isEqualTo(i);
                }
            }
        }

        @Test
        void dotsAreUnstuffedAndOnlyADotBetweenCrlfEndsTheMail() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with());
            try (RawClient client = RawClient.greet(smtp)) {
                begin(client);
                client.send("A: b\r\n\r\n..one\r\n...\r\n.x\r\n\r\n.\r\n");
                assertThat(client.reply()).startsWith("250 2.0.0");
            }
            assertThat(smtp.mails().get(0).raw()).asString().isEqualTo("A: b\r\n\r\n.one\r\n..\r\nx\r\n\r\n");
        }

        @Test
        void aMailThatArrivesInSinglePiecesIsTheSameMail() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with());
            String stuffed = "A: b\r\n\r\n..one\r\nlast\r\n.\r\n";
            try (RawClient client = RawClient.greet(smtp)) {
                begin(client);
                for (int i = 0; i < stuffed.length(); i++) {
                    client.send(stuffed.substring(i, i + 1));
                }
                assertThat(client.reply()).startsWith("250");
            }
            assertThat(smtp.mails().get(0).raw()).asString().isEqualTo("A: b\r\n\r\n.one\r\nlast\r\n");
        }

        @Test
        void aLargeMailArrivesUnchanged() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with());
            String body = ("x".repeat(70) + "\r\n").repeat(20_000);
            try (RawClient client = RawClient.greet(smtp)) {
                begin(client);
                client.send("A: b\r\n\r\n" + body + ".\r\n");
                assertThat(client.reply()).startsWith("250");
            }
            assertThat(smtp.mails().get(0).raw()).asString().isEqualTo("A: b\r\n\r\n" + body);
        }

        @Test
        void bareLineFeedsAreRefusedInMailsAndInCommands() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with());
            try (RawClient client = RawClient.greet(smtp)) {
                client.send("NOOP\n");
                assertThat(client.reply()).startsWith("500 5.5.2");
                begin(client);
                client.send("A: b\r\n\r\none\n.\nstill the mail\r\n.\r\n");
                assertThat(client.reply()).startsWith("550 5.6.0");
            }
            assertThat(smtp.mails()).isEmpty();
            assertThat(smtp.refused()).hasSize(1);
        }

        @Test
        void pipelinedCommandsAreAnsweredOneByOneInOrder() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with());
            smtp.on(Phase.RCPT).forRecipient("bob@example.com").reply(550, "5.1.1 no such user");
            try (RawClient client = RawClient.greet(smtp)) {
                client.send(String.join(
                        "\r\n",
                        "MAIL FROM:<shop@example.com>",
                        "RCPT TO:<ann@example.com>",
                        "RCPT TO:<bob@example.com>",
                        "DATA",
                        ""));
                assertThat(List.of(client.reply(), client.reply(), client.reply(), client.reply()))
                        .extracting(reply -> reply.substring(0, 3))
                        .containsExactly("250", "250", "550", "354");
                client.send(MAIL + ".\r\nQUIT\r\n");
                assertThat(client.reply()).startsWith("250");
                assertThat(client.reply()).startsWith("221");
                assertThat(client.rest()).isEmpty();
            }
            assertThat(smtp.mails().get(0).recipients()).containsExactly("ann@example.com");
        }

        @Test
        void commandsOutOfOrderAreRefusedAndUseUpNoRule() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with());
            Rule rule = smtp.on(Phase.RCPT).reply(450, "4.2.0 later").once();
            try (RawClient client = RawClient.connect(smtp)) {
                client.reply();
                assertThat(client.ask("MAIL FROM:<shop@example.com>")).startsWith("503 5.5.1");
                client.ask("EHLO client.test");
                assertThat(client.ask("RCPT TO:<ann@example.com>")).startsWith("503 5.5.1");
                assertThat(client.ask("DATA")).startsWith("503 5.5.1");
                client.ask("MAIL FROM:<shop@example.com>");
                assertThat(client.ask("MAIL FROM:<shop@example.com>")).startsWith("503 5.5.1");
                assertThat(client.ask("DATA")).startsWith("554 5.5.1");
                assertThat(rule.used()).isZero();
                assertThat(client.ask("RCPT TO:<ann@example.com>")).startsWith("450");
                assertThat(client.ask("RSET")).startsWith("250");
                assertThat(client.ask("RCPT TO:<ann@example.com>")).startsWith("503 5.5.1");
                assertThat(client.ask("MAIL FROM: shop")).startsWith("501 5.5.4");
                assertThat(client.ask("HULLO")).startsWith("500 5.5.2");
            }
        }

        @Test
        void capabilitiesAreOfferedAndHeldTo() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with().capabilities("SIZE 100"));
            try (RawClient client = RawClient.connect(smtp)) {
                client.reply();
                assertThat(client.ask("EHLO client.test")).isEqualTo("250-localhost\n250 SIZE 100");
                assertThat(client.ask("MAIL FROM:<shop@example.com> SIZE=101")).startsWith("552 5.3.4");
                assertThat(client.ask("MAIL FROM:<shop@example.com> BODY=8BITMIME"))
                        .startsWith("555 5.5.4");
                assertThat(client.ask("MAIL FROM:<müller@example.com>")).startsWith("553 5.6.7");
                begin(client);
                client.send("A: b\r\n\r\n" + "x".repeat(100) + "\r\n.\r\n");
                assertThat(client.reply()).startsWith("552 5.3.4");
            }
        }

        @Test
        void internationalAddressesPassWhenSmtpUtf8IsAsked() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with());
            try (RawClient client = RawClient.greet(smtp)) {
                client.ask("MAIL FROM:<shop@example.com>");
                assertThat(client.ask("RCPT TO:<анна@пример.рф>")).startsWith("553 5.6.7");
                client.ask("RSET");
                client.ask("MAIL FROM:<shop@example.com> SMTPUTF8 BODY=8BITMIME");
                assertThat(client.ask("RCPT TO:<анна@пример.рф>")).startsWith("250");
                client.ask("DATA");
                client.send(MAIL + ".\r\n");
                client.reply();
            }
            assertThat(smtp.mails().get(0).recipients()).containsExactly("анна@пример.рф");
            assertThat(smtp.mails().get(0).mailFromParameters()).containsExactly("SMTPUTF8", "BODY=8BITMIME");
        }

        @Test
        void connectionsAndCommandsAreCounted() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with());
            try (RawClient one = RawClient.greet(smtp);
                    RawClient two = RawClient.greet(smtp)) {
                deliver(one);
                deliver(one);
                deliver(two);
                assertThat(smtp.openConnections()).isEqualTo(2);
                assertThat(smtp.mails()).extracting(ReceivedMail::connection).containsExactly(1, 1, 2);
            }
            await().atMost(SOON).until(() -> smtp.openConnections() == 0);
            assertThat(smtp.connections()).isEqualTo(2);
            assertThat(smtp.mostOpenConnections()).isEqualTo(2);
            assertThat(smtp.count(Phase.EHLO)).isEqualTo(2);
            assertThat(smtp.count(Phase.DATA_END)).isEqualTo(3);
            assertThat(smtp.count(Phase.AUTH)).isZero();
        }

        @Test
        void mailsThatAreNotKeptAreStillCountedAnnouncedAndKnownById() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with().keepMails(false));
            LinkedBlockingQueue<ReceivedMail> announced = new LinkedBlockingQueue<>();
            smtp.onMail(announced::add);
            try (RawClient client = RawClient.greet(smtp)) {
                deliver(client);
                deliver(client);
            }
            smtp.awaitMailCount(2, SOON);
            assertThat(smtp.acceptedIds()).containsExactly("e-1", "e-1");
            assertThat(announced.poll(10, TimeUnit.SECONDS)).isNotNull();
            assertThatThrownBy(smtp::mails).hasMessageContaining("acceptedIds()");
        }

        @Test
        void mailsThatDoNotComeAreToldWithWhatCameInstead() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with());
            try (RawClient client = RawClient.greet(smtp)) {
                deliver(client);
                assertThatExceptionOfType(AssertionError.class)
                        .isThrownBy(() -> smtp.awaitMails(2, Duration.ofMillis(20)))
                        .withMessageContaining("Expected 2 mails within PT0.02S")
                        .withMessageContaining("1 accepted: [mail e-1 to [a***@example.com]")
                        .withMessageContaining("C: DATA");
            }
        }

        @Test
        void aConnectionThatIdlesTooLongIsToldSoAndClosed() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with().idleTimeout(Duration.ofMillis(100)));
            try (RawClient client = RawClient.connect(smtp)) {
                assertThat(client.reply()).startsWith("220");
                assertThat(client.reply()).startsWith("421 4.4.2");
                assertThat(client.rest()).isEmpty();
            }
        }
    }

    @Nested
    class Secured {

        @Test
        void mailArrivesOverStarttls() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with().tls(TlsMode.STARTTLS));
            send(smtp, "e-1", "ann@example.com");
            assertThat(smtp.awaitMails(1, SOON).get(0).secured()).isTrue();
            assertThat(smtp.count(Phase.STARTTLS)).isEqualTo(1);
        }

        @Test
        void mailArrivesOverImplicitTls() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with().tls(TlsMode.IMPLICIT));
            send(smtp, "e-1", "ann@example.com");
            assertThat(smtp.awaitMails(1, SOON).get(0).secured()).isTrue();
        }

        @Test
        void withoutStarttlsNeitherMailNorPasswordIsTaken() throws Exception {
            ScriptedSmtpServer smtp =
                    server(ScriptedSmtpServer.with().tls(TlsMode.STARTTLS).user("ann", "secret"));
            try (RawClient client = RawClient.connect(smtp)) {
                client.reply();
                assertThat(client.ask("EHLO client.test")).contains("STARTTLS").doesNotContain("AUTH");
                assertThat(client.ask("MAIL FROM:<shop@example.com>")).startsWith("530 5.7.0");
                assertThat(client.ask("AUTH PLAIN AGFubgBzZWNyZXQ=")).startsWith("538 5.7.11");
                client.ask("STARTTLS");
                client.startTls();
                assertThat(client.ask("MAIL FROM:<shop@example.com>")).startsWith("503");
                assertThat(client.ask("EHLO client.test")).contains("AUTH").doesNotContain("STARTTLS");
            }
        }

        @Test
        void commandsSmuggledInBehindStarttlsAreThrownAway() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with().tls(TlsMode.STARTTLS));
            try (RawClient client = RawClient.greet(smtp)) {
                client.send("STARTTLS\r\nNOOP\r\n");
                assertThat(client.reply()).startsWith("220");
                client.startTls();
                assertThat(client.ask("EHLO client.test")).startsWith("250");
            }
            assertThat(smtp.count(Phase.NOOP)).isZero();
        }

        @ParameterizedTest
        @EnumSource(
                value = TestCertificates.Kind.class,
                names = {"EXPIRED", "WRONG_HOST", "SELF_SIGNED"})
        void aClientThatChecksRefusesABadCertificate(TestCertificates.Kind bad) {
            ScriptedSmtpServer smtp =
                    server(ScriptedSmtpServer.with().tls(TlsMode.STARTTLS).certificate(bad));
            assertThatExceptionOfType(MessagingException.class)
                    .isThrownBy(() -> send(smtp, "e-1", "ann@example.com"))
                    .withCauseInstanceOf(IOException.class)
                    .satisfies(failure -> assertThat(failure).hasStackTraceContaining("ertificat"));
            assertThat(smtp.mails()).isEmpty();
        }

        @Test
        void aRelayCanTakeTheConnectionAndNeverBeginTls() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with().tls(TlsMode.IMPLICIT));
            smtp.on(Phase.CONNECT).staySilent();
            try (RawClient client = RawClient.connect(smtp)) {
                client.readTimeout(Duration.ofMillis(200));
                assertThatExceptionOfType(IOException.class)
                        .isThrownBy(client::startTls)
                        .isInstanceOf(SocketTimeoutException.class);
            }
        }

        @Test
        void aRelayCanSpeakSomethingElseThanTls() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with().tls(TlsMode.IMPLICIT));
            smtp.on(Phase.CONNECT).replyRaw("220 plain text\r\n".getBytes(StandardCharsets.US_ASCII));
            try (RawClient client = RawClient.connect(smtp)) {
                assertThatExceptionOfType(SSLException.class).isThrownBy(client::startTls);
            }
        }

        @Test
        void aSecuredConnectionCanBeDroppedWithoutFarewell() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with().tls(TlsMode.IMPLICIT));
            smtp.on(Phase.DATA_END).dropConnection();
            assertThatExceptionOfType(MessagingException.class).isThrownBy(() -> send(smtp, "e-1", "ann@example.com"));
            assertThat(smtp.uncertain()).hasSize(1);
        }

        @Test
        void theTrustStoreHoldsTheAuthorityForThoseWhoNeedAFile() throws Exception {
            assertThat(TestCertificates.trustStore()).isRegularFile();
            assertThat(TestCertificates.loadTrustStore().isCertificateEntry("ca"))
                    .isTrue();
            assertThat(TestCertificates.authorityPem()).content().startsWith("-----BEGIN CERTIFICATE-----");
        }
    }

    @Nested
    class Authenticated {

        @ParameterizedTest
        @EnumSource(Mechanism.class)
        void aKnownUserGetsIn(Mechanism mechanism) throws Exception {
            ScriptedSmtpServer smtp =
                    server(ScriptedSmtpServer.with().user("ann", "secret").requireAuth());
            Properties settings = settings(smtp);
            settings.setProperty("mail.smtp.auth", "true");
            settings.setProperty("mail.smtp.auth.mechanisms", mechanism.name());
            send(settings, "ann", "secret", "e-1", "ann@example.com");
            assertThat(smtp.mails().get(0).user()).isEqualTo("ann");
        }

        @ParameterizedTest
        @EnumSource(Mechanism.class)
        void aWrongPasswordIsRefusedWith535(Mechanism mechanism) {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with().user("ann", "secret"));
            Properties settings = settings(smtp);
            settings.setProperty("mail.smtp.auth", "true");
            settings.setProperty("mail.smtp.auth.mechanisms", mechanism.name());
            assertThatExceptionOfType(AuthenticationFailedException.class)
                    .isThrownBy(() -> send(settings, "ann", "wrong", "e-1", "ann@example.com"))
                    .withMessageContaining("535 5.7.8");
            assertThat(smtp.count(Phase.AUTH)).isEqualTo(1);
        }

        @Test
        void whereAuthIsRequiredMailWithoutItIsRefused() throws Exception {
            ScriptedSmtpServer smtp =
                    server(ScriptedSmtpServer.with().user("ann", "secret").requireAuth());
            try (RawClient client = RawClient.greet(smtp)) {
                assertThat(client.ask("MAIL FROM:<shop@example.com>")).startsWith("530 5.7.0");
                assertThat(client.ask("AUTH CRAM-MD5")).startsWith("504");
                assertThat(client.ask("AUTH PLAIN")).startsWith("334");
                assertThat(client.ask("*")).startsWith("501");
                assertThat(client.ask("AUTH PLAIN %%%")).startsWith("501");
                assertThat(client.ask("AUTH PLAIN " + base64("\0ann\0secret"))).startsWith("235");
                assertThat(client.ask("AUTH PLAIN " + base64("\0ann\0secret"))).startsWith("503");
                assertThat(client.ask("MAIL FROM:<shop@example.com>")).startsWith("250");
            }
        }

        @Test
        void aChangedPasswordCountsFromTheNextLoginOn() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with().user("ann", "old"));
            smtp.changePassword("ann", "new");
            try (RawClient client = RawClient.greet(smtp)) {
                assertThat(client.ask("AUTH PLAIN " + base64("\0ann\0old"))).startsWith("535 5.7.8");
                assertThat(client.ask("AUTH PLAIN " + base64("\0ann\0new"))).startsWith("235");
            }
            assertThatIllegalArgumentException().isThrownBy(() -> smtp.changePassword("eve", "x"));
        }

        @Test
        void theOutcomeOfALoginCanBeScripted() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with().user("ann", "secret"));
            smtp.on(Phase.AUTH)
                    .when(step -> "ann".equals(step.user()))
                    .reply(454, "4.7.0 Temporary authentication failure")
                    .once();
            try (RawClient client = RawClient.greet(smtp)) {
                assertThat(client.ask("AUTH PLAIN " + base64("\0ann\0secret"))).startsWith("454");
                assertThat(client.ask("AUTH PLAIN " + base64("\0ann\0secret"))).startsWith("235");
            }
        }

        @Test
        void credentialsAreInTheConversationButNeverPrinted() throws Exception {
            ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with().user("ann", "secret"));
            String plain = base64("\0ann\0wrong");
            try (RawClient client = RawClient.greet(smtp)) {
                client.ask("AUTH PLAIN " + plain);
                client.ask("AUTH LOGIN");
                client.ask(base64("ann"));
                client.ask(base64("secret"));
            }
            assertThat(smtp.conversation(1).commands()).contains("AUTH PLAIN " + plain, base64("secret"));
            assertThat(smtp.transcript())
                    .contains("C: AUTH PLAIN ***", "S: 535 5.7.8", "S: 235")
                    .doesNotContain(plain, base64("ann"), base64("secret"));
        }
    }

    @Nested
    class Scripted {

        private final ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with());

        @Test
        void aReplyIsGivenSoManyTimesAndThenTheServerIsWellAgain() throws Exception {
            smtp.on(Phase.RCPT).reply(452, "4.2.2 Mailbox full").times(2);
            for (int i = 0; i < 2; i++) {
                assertThatExceptionOfType(SendFailedException.class)
                        .isThrownBy(() -> send(smtp, "e-1", "ann@example.com"))
                        .satisfies(failure -> assertThat(failure.getNextException())
                                .isInstanceOfSatisfying(
                                        SMTPAddressFailedException.class, address -> assertThat(address.getReturnCode())
                                                .isEqualTo(452)));
            }
            send(smtp, "e-2", "ann@example.com");
            assertThat(smtp.acceptedIds()).containsExactly("e-2");
        }

        @Test
        void rulesActInTheOrderInWhichTheyWereGiven() throws Exception {
            smtp.on(Phase.NOOP).reply(450, "first").once();
            smtp.on(Phase.NOOP).reply(451, "second").times(2);
            smtp.on(Phase.NOOP).reply(452, "for ever").always();
            try (RawClient client = RawClient.greet(smtp)) {
                assertThat(IntStream.range(0, 5).mapToObj(i -> ask(client, "NOOP")))
                        .containsExactly("450 first", "451 second", "451 second", "452 for ever", "452 for ever");
            }
        }

        @Test
        void aResetMakesTheServerWellBehavedOnOpenConnectionsToo() throws Exception {
            smtp.on(Phase.NOOP).reply(450, "no");
            try (RawClient client = RawClient.greet(smtp)) {
                assertThat(client.ask("NOOP")).isEqualTo("450 no");
                smtp.reset();
                assertThat(client.ask("NOOP")).startsWith("250");
            }
        }

        @Test
        void onlyTheNamedRecipientIsRefused() throws Exception {
            smtp.on(Phase.RCPT).forRecipient("Bob@example.com").reply(550, "5.1.1 no such user");
            try (RawClient client = RawClient.greet(smtp)) {
                client.ask("MAIL FROM:<shop@example.com>");
                assertThat(client.ask("RCPT TO:<ann@example.com>")).startsWith("250");
                assertThat(client.ask("RCPT TO:<bob@EXAMPLE.com>")).isEqualTo("550 5.1.1 no such user");
            }
        }

        @Test
        void aConditionSeesHowManyMailsTheConnectionHadAndWhoSends() throws Exception {
            smtp.on(Phase.MAIL)
                    .when(step -> step.mailsOnConnection() >= 1 && "shop@example.com".equals(step.sender()))
                    .reply(421, "4.7.0 too many mails on this connection");
            try (RawClient client = RawClient.greet(smtp)) {
                assertThat(deliver(client)).startsWith("250");
                assertThat(client.ask("MAIL FROM:<shop@example.com>")).startsWith("421");
                assertThat(client.rest()).isEmpty();
            }
        }

        @Test
        void aConditionSeesHowManyConnectionsAreOpen() throws Exception {
            smtp.on(Phase.GREETING).when(step -> step.openConnections() > 1).reply(421, "4.7.0 too many connections");
            try (RawClient one = RawClient.connect(smtp)) {
                assertThat(one.reply()).startsWith("220");
                try (RawClient two = RawClient.connect(smtp)) {
                    assertThat(two.reply()).startsWith("421");
                }
            }
        }

        @Test
        void aGreetingOf421ClosesTheConnectionAfterIt() throws Exception {
            smtp.on(Phase.GREETING).reply(421, "4.3.2 too busy").always();
            assertThatExceptionOfType(MessagingException.class)
                    .isThrownBy(() -> send(smtp, "e-1", "ann@example.com"))
                    .withMessageContaining("421");
            try (RawClient client = RawClient.connect(smtp)) {
                assertThat(client.reply()).isEqualTo("421 4.3.2 too busy");
                assertThat(client.rest()).isEmpty();
            }
        }

        @Test
        void aGreetingOf554LeavesNothingButQuit() throws Exception {
            smtp.on(Phase.GREETING).reply(554, "no service here");
            try (RawClient client = RawClient.connect(smtp)) {
                assertThat(client.reply()).startsWith("554");
                assertThat(client.ask("EHLO client.test")).startsWith("503");
                assertThat(client.ask("QUIT")).startsWith("221");
            }
        }

        @ParameterizedTest
        @EnumSource(
                value = Phase.class,
                names = {"CONNECT", "GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DATA_BODY", "DATA_END", "QUIT"})
        void theConnectionCanBeDroppedAtAnyPhase(Phase phase) throws Exception {
            Rule rule = smtp.on(phase).dropConnection().once();
            try (RawClient client = RawClient.connect(smtp)) {
                assertThat(wholeConversation(client)).isLessThan(8);
            }
            assertThat(rule.used()).isEqualTo(1);
            assertThat(smtp.uncertain()).hasSize(phase == Phase.DATA_END ? 1 : 0);
            assertThat(smtp.mails()).hasSize(phase == Phase.QUIT ? 1 : 0);
        }

        @ParameterizedTest
        @EnumSource(
                value = Phase.class,
                names = {"CONNECT", "GREETING", "EHLO", "MAIL", "RCPT", "DATA", "DATA_BODY", "DATA_END", "QUIT"})
        void theServerCanFallSilentAtAnyPhaseWithTheConnectionOpen(Phase phase) throws Exception {
            Rule rule = smtp.on(phase).staySilent();
            int uncertain = phase == Phase.DATA_END ? 1 : 0;
            try (RawClient client = RawClient.connect(smtp)) {
                client.send("EHLO client.test\r\n" + ENVELOPE + MAIL + ".\r\nQUIT\r\n");
                await().atMost(SOON)
                        .until(() -> rule.used() == 1 && smtp.uncertain().size() == uncertain);
                client.readTimeout(Duration.ofMillis(50));
                assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(client::rest);
                assertThat(smtp.openConnections()).isEqualTo(1);
            }
            await().atMost(SOON).until(() -> smtp.openConnections() == 0);
            assertThat(smtp.uncertain()).hasSize(uncertain);
        }

        @Test
        void aConnectionCanBeReset() throws Exception {
            smtp.on(Phase.NOOP).resetConnection();
            try (RawClient client = RawClient.greet(smtp)) {
                assertThatExceptionOfType(SocketException.class)
                        .isThrownBy(() -> client.ask("NOOP"))
                        .withMessageContaining("reset");
            }
        }

        @Test
        void aConnectionIsDroppedInTheMiddleOfALargeMail() throws Exception {
            smtp.on(Phase.DATA_BODY).dropConnectionAfterBytes(500);
            try (RawClient client = RawClient.greet(smtp)) {
                begin(client);
                String line = "x".repeat(998) + "\r\n";
                assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
                    for (int i = 0; i < 50_000; i++) {
                        client.send(line);
                    }
                });
            }
            await().atMost(SOON).until(() -> smtp.openConnections() == 0);
            assertThat(smtp.transcript()).contains("stopped reading the mail after 500 bytes");
            assertThat(smtp.uncertain()).isEmpty();
        }

        @Test
        void aMailShorterThanTheBytesToDropAfterIsNotAcceptedEither() throws Exception {
            smtp.on(Phase.DATA_BODY).dropConnectionAfterBytes(1_000_000);
            try (RawClient client = RawClient.greet(smtp)) {
                begin(client);
                client.send(MAIL + ".\r\n");
                assertThat(client.rest()).isEmpty();
            }
            assertThat(smtp.mails()).isEmpty();
            assertThat(smtp.uncertain()).isEmpty();
        }

        @Test
        void aRelayCanGiveUpInTheMiddleOfAMailAndSaySo() throws Exception {
            smtp.on(Phase.DATA_BODY).replyAndClose(421, "4.3.0 shutting down");
            try (RawClient client = RawClient.greet(smtp)) {
                begin(client);
                assertThat(client.reply()).isEqualTo("421 4.3.0 shutting down");
                assertThat(client.rest()).isEmpty();
            }
        }

        @Test
        void aRefusedMailIsKnownAsRefused() {
            smtp.on(Phase.DATA_END).reply(554, "5.7.1 spam");
            assertThatExceptionOfType(SMTPSendFailedException.class)
                    .isThrownBy(() -> send(smtp, "e-1", "ann@example.com"))
                    .satisfies(failure -> assertThat(failure.getReturnCode()).isEqualTo(554));
            assertThat(smtp.mails()).isEmpty();
            assertThat(smtp.refused()).extracting(ReceivedMail::eventId).containsExactly("e-1");
        }

        @Test
        void aScriptedPositiveAnswerAcceptsTheMail() throws Exception {
            smtp.on(Phase.DATA_END).reply(250, "OK queued as 01000192");
            try (RawClient client = RawClient.greet(smtp)) {
                assertThat(deliver(client)).isEqualTo("250 OK queued as 01000192");
            }
            assertThat(smtp.mails()).hasSize(1);
        }

        @Test
        void anAcceptedMailCountsWhenTheConnectionEndsBehindTheAnswer() throws Exception {
            LinkedBlockingQueue<ReceivedMail> announced = new LinkedBlockingQueue<>();
            smtp.onMail(announced::add);
            smtp.on(Phase.DATA_END).replyAndClose(250, "2.0.0 Ok");
            try (RawClient client = RawClient.greet(smtp)) {
                assertThat(deliver(client)).startsWith("250");
                assertThat(client.rest()).isEmpty();
            }
            assertThat(smtp.mails()).hasSize(1);
            assertThat(announced.poll(10, TimeUnit.SECONDS)).isNotNull();
        }

        @Test
        void aRepliesLinesAreAllSent() throws Exception {
            smtp.on(Phase.EHLO).reply(250, "localhost", "SIZE 5", "HELP");
            try (RawClient client = RawClient.connect(smtp)) {
                client.reply();
                assertThat(client.ask("EHLO client.test")).isEqualTo("250-localhost\n250-SIZE 5\n250 HELP");
            }
        }

        @Test
        void anAnswerCanComeLate() throws Exception {
            smtp.on(Phase.NOOP).delay(Duration.ofMillis(150)).once();
            smtp.on(Phase.NOOP).after(Duration.ofMillis(150)).reply(451, "4.3.0 late");
            try (RawClient client = RawClient.greet(smtp)) {
                long begin = System.nanoTime();
                assertThat(client.ask("NOOP")).startsWith("250");
                assertThat(client.ask("NOOP")).startsWith("451 4.3.0");
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(300));
            }
        }

        @Test
        void anAnswerCanBeHeldBackUntilTheTestReleasesIt() throws Exception {
            CountDownLatch released = new CountDownLatch(1);
            smtp.on(Phase.DATA_END).holdUntil(released);
            try (RawClient client = RawClient.greet(smtp)) {
                begin(client);
                client.send(MAIL + ".\r\n");
                await().atMost(SOON).until(() -> smtp.uncertain().size() == 1);
                assertThat(smtp.mails()).isEmpty();
                released.countDown();
                assertThat(client.reply()).startsWith("250");
            }
            assertThat(smtp.mails()).hasSize(1);
            assertThat(smtp.uncertain()).isEmpty();
        }

        @Test
        void anAnswerCanDribbleByteByByte() throws Exception {
            smtp.on(Phase.NOOP).dribble(Duration.ofMillis(10), 250, "123456").once();
            smtp.on(Phase.NOOP).dribble(Duration.ofMillis(1));
            try (RawClient client = RawClient.greet(smtp)) {
                long begin = System.nanoTime();
                assertThat(client.ask("NOOP")).isEqualTo("250 123456");
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(100));
                assertThat(client.ask("NOOP")).startsWith("250 2.0.0");
            }
        }

        @Test
        void anyBytesCanBeTheAnswer() throws Exception {
            byte[] noise = {'2', '5', '0', ' ', (byte) 0xff, (byte) 0x80, 0, '\r', '\n'};
            byte[] huge = ("250-" + "x".repeat(1 << 20) + "\r\n250 end\r\n").getBytes(StandardCharsets.US_ASCII);
            smtp.on(Phase.NOOP)
                    .replyRaw("250\r\n".getBytes(StandardCharsets.US_ASCII))
                    .once();
            smtp.on(Phase.NOOP).replyRaw(noise).once();
            smtp.on(Phase.NOOP).replyRaw(huge).once();
            try (RawClient client = RawClient.greet(smtp)) {
                assertThat(client.ask("NOOP")).isEqualTo("250");
                client.send("NOOP\r\n");
                assertThat(client.read(noise.length)).isEqualTo(noise);
                client.send("NOOP\r\n");
                assertThat(client.read(huge.length)).isEqualTo(huge);
                assertThat(client.ask("NOOP")).startsWith("250 2.0.0");
            }
            assertThat(smtp.transcript()).hasSizeLessThan(5_000).contains("reply of " + huge.length + " bytes");
        }

        @Test
        void whatMakesNoSenseInAScriptIsSaidAtOnce() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> smtp.on(Phase.MAIL).forRecipient("ann@example.com"))
                    .withMessageContaining("on(Phase.RCPT)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> smtp.on(Phase.DATA_END).dropConnectionAfterBytes(5))
                    .withMessageContaining("on(Phase.DATA_BODY)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> smtp.on(Phase.DATA_BODY).reply(451, "no"))
                    .withMessageContaining("on(Phase.DATA_END)");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> smtp.on(Phase.RCPT).reply(42, "no"))
                    .withMessageContaining("42");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> smtp.on(Phase.RCPT).reply(450, "no").times(0))
                    .withMessageContaining("times(0)");
        }
    }

    @Nested
    class StoppedAndStartedAgain {

        private final ScriptedSmtpServer smtp = server(ScriptedSmtpServer.with());

        @Test
        void aStoppedServerRefusesConnectionsAndEndsOpenOnes() throws Exception {
            try (RawClient client = RawClient.greet(smtp)) {
                smtp.stop();
                assertThat(client.rest()).isEmpty();
                assertThat(smtp.openConnections()).isZero();
            }
            assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> RawClient.connect(smtp));
            assertThatExceptionOfType(MailConnectException.class)
                    .isThrownBy(() -> send(smtp, "e-1", "ann@example.com"));
        }

        @Test
        void itTakesMailAgainOnTheSamePortAsOftenAsWanted() throws Exception {
            int port = smtp.port();
            for (int i = 1; i <= 20; i++) {
                smtp.stop();
                smtp.startAgain();
                assertThat(smtp.port()).isEqualTo(port);
                send(smtp, "e-" + i, "ann@example.com");
            }
            assertThat(smtp.mails()).hasSize(20);
        }

        @Test
        void nobodyElseGetsThePortAtAnyMoment() throws Exception {
            AtomicBoolean done = new AtomicBoolean();
            CompletableFuture<Integer> taken = CompletableFuture.supplyAsync(() -> timesTaken(smtp.port(), done));
            try {
                for (int i = 0; i < 300; i++) {
                    smtp.stop();
                    smtp.startAgain();
                }
            } finally {
                done.set(true);
            }
            assertThat(taken.get(30, TimeUnit.SECONDS)).isZero();
        }

        @Test
        void aPortCanBeChosenAndATakenOneIsNamed() {
            assertThatThrownBy(() -> ScriptedSmtpServer.with().port(smtp.port()).start())
                    .hasMessageContaining("Port " + smtp.port());
            smtp.close();
            ScriptedSmtpServer second = server(ScriptedSmtpServer.with().port(smtp.port()));
            assertThat(second.port()).isEqualTo(smtp.port());
        }

        private static int timesTaken(int port, AtomicBoolean done) {
            int times = 0;
            while (!done.get()) {
                times += canTake(port) ? 1 : 0;
            }
            return times;
        }

        private static boolean canTake(int port) {
            try (ServerSocket other = new ServerSocket()) {
                other.setReuseAddress(false);
                other.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        @Test
        void onlyIdleConnectionsAreDroppedAsIdle() throws Exception {
            try (RawClient idle = RawClient.greet(smtp);
                    RawClient busy = RawClient.greet(smtp)) {
                begin(busy);
                deliver(idle);
                await().atMost(SOON).until(() -> {
                    smtp.dropIdleConnections();
                    return smtp.openConnections() == 1;
                });
                assertThat(idle.rest()).isEmpty();
                busy.send(MAIL + ".\r\n");
                assertThat(busy.reply()).startsWith("250");
            }
        }

        @Test
        void mailsCanBeForgottenToBeginAnew() throws Exception {
            send(smtp, "e-1", "ann@example.com");
            smtp.forgetMails();
            assertThat(smtp.mails()).isEmpty();
            send(smtp, "e-2", "ann@example.com");
            assertThat(smtp.awaitMails(1, SOON))
                    .extracting(ReceivedMail::eventId)
                    .containsExactly("e-2");
        }
    }

    enum Mechanism {
        PLAIN,
        LOGIN
    }

    private ScriptedSmtpServer server(Options options) {
        ScriptedSmtpServer started = options.start();
        toClose.add(started);
        return started;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String ask(RawClient client, String command) {
        try {
            return client.ask(command);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Up to the 354. */
    private static void begin(RawClient client) throws IOException {
        client.send(ENVELOPE);
        assertThat(client.reply()).startsWith("250");
        assertThat(client.reply()).startsWith("250");
        assertThat(client.reply()).startsWith("354");
    }

    private static String deliver(RawClient client) throws IOException {
        begin(client);
        client.send(MAIL + ".\r\n");
        return client.reply();
    }

    /** From greeting to QUIT, as far as the server goes along; gives the number of answers. */
    private static int wholeConversation(RawClient client) throws IOException {
        int answers = 0;
        try {
            for (String line : List.of(
                    "",
                    "EHLO client.test\r\n",
                    "MAIL FROM:<shop@example.com>\r\n",
                    "RCPT TO:<ann@example.com>\r\n",
                    "DATA\r\n",
                    MAIL + ".\r\n",
                    "NOOP\r\n",
                    "QUIT\r\n")) {
                client.send(line);
                if (client.reply().isEmpty()) {
                    return answers;
                }
                answers++;
            }
        } catch (SocketException e) {
            // Data that meets a closed connection gets a reset: dropped as well.
        }
        return answers;
    }

    private static Properties settings(ScriptedSmtpServer smtp) {
        Properties settings = new Properties();
        settings.setProperty("mail.smtp.host", smtp.host());
        settings.setProperty("mail.smtp.port", String.valueOf(smtp.port()));
        settings.setProperty("mail.smtp.from", "shop@example.com");
        settings.setProperty("mail.smtp.connectiontimeout", "10000");
        settings.setProperty("mail.smtp.timeout", "10000");
        return settings;
    }

    private static void send(ScriptedSmtpServer smtp, String id, String... recipients) throws MessagingException {
        Properties settings = settings(smtp);
        switch (smtp.tlsMode()) {
            case STARTTLS -> settings.setProperty("mail.smtp.starttls.required", "true");
            case IMPLICIT -> settings.setProperty("mail.smtp.ssl.enable", "true");
            case NONE -> {}
        }
        if (smtp.tlsMode() != TlsMode.NONE) {
            settings.put(
                    "mail.smtp.ssl.socketFactory",
                    TestCertificates.clientContext().getSocketFactory());
            settings.setProperty("mail.smtp.ssl.checkserveridentity", "true");
        }
        send(settings, "", "", id, recipients);
    }

    private static void send(Properties settings, String user, String password, String id, String... recipients)
            throws MessagingException {
        Session session = Session.getInstance(settings);
        MimeMessage message = new MimeMessage(session);
        message.setFrom(new InternetAddress("shop@example.com"));
        message.setRecipients(Message.RecipientType.TO, InternetAddress.parse(String.join(",", recipients)));
        message.setHeader("X-Event-Id", id);
        message.setSubject("Привет", "UTF-8");
        message.setText("Your code\n");
        message.saveChanges();
        try (Transport transport = session.getTransport("smtp")) {
            if (user.isEmpty()) {
                transport.connect();
            } else {
                transport.connect(user, password);
            }
            transport.sendMessage(message, message.getAllRecipients());
        }
    }
}
