package org.signupmailer.faults;

import static org.signupmailer.faults.RelayFault.scripted;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.signupmailer.testing.smtp.TestCertificates;
import org.signupmailer.testing.smtp.TlsMode;

/** The faults of relays. */
final class RelayFaults {

    private static final String USER = "shop";
    private static final String PASSWORD = "right";
    private static final String OVER =
            "what no relay may take is a dead letter at once, so nothing waits for a recovery";

    private RelayFaults() {}

    static List<RelayFault> all() {
        return List.of(
                scripted("refuses connection", "nothing listens on its port", ScriptedSmtpServer::stop)
                        .curedBy(ScriptedSmtpServer::startAgain)
                        .expecting(Expected.fewAttemptsAt(Phase.CONNECT)),
                scripted("accepts and stays silent", "takes the connection and never greets", relay -> relay.on(
                                        Phase.CONNECT)
                                .staySilent())
                        .expecting(Expected.fewAttemptsAt(Phase.CONNECT)),
                scripted("closes after the greeting", "greets and hangs up", relay -> relay.on(Phase.GREETING)
                                .replyAndClose(220, "smtp.shop.example ready"))
                        .expecting(Expected.fewAttemptsAt(Phase.CONNECT)),
                scripted("bad certificate", "its certificate expired five days ago", relay -> {})
                        .server(options -> options.tls(TlsMode.STARTTLS).certificate(TestCertificates.Kind.EXPIRED))
                        .setup(setup -> setup.trustTestCertificates())
                        .notAlone("a renewed certificate is a restart of the relay, which is \"refuses connection\"")
                        .expecting(Expected.fewAttemptsAt(Phase.CONNECT)),
                scripted("offers no STARTTLS", "EHLO without STARTTLS where it is required", relay -> {})
                        .setup(setup -> setup.with("SMTP_TLS", "starttls"))
                        .notAlone("such a relay never takes mail, and mail waits for one that does")
                        .expecting(Expected.fewAttemptsAt(Phase.CONNECT)),
                scripted("421 at greeting", "421 4.3.2 in place of the greeting", relay -> relay.on(Phase.GREETING)
                                .reply(421, "4.3.2 Service not available, closing transmission channel"))
                        .expecting(Expected.fewAttemptsAt(Phase.CONNECT)),
                scripted("535", "535 5.7.8 at AUTH: the password was changed", relay -> {
                            relay.changePassword(USER, "another");
                            relay.dropConnections();
                        })
                        .server(options -> options.user(USER, PASSWORD).requireAuth())
                        .setup(setup -> setup.login(1, USER, PASSWORD))
                        .curedBy(relay -> relay.changePassword(USER, PASSWORD))
                        .curedByRestart()
                        .expecting(Expected.fewAttemptsAt(Phase.AUTH)),
                scripted("451 at MAIL", "451 4.3.0 to each MAIL", relay -> relay.on(Phase.MAIL)
                                .reply(451, "4.3.0 Mail server temporarily rejected message"))
                        .expecting(Expected.fewAttemptsAt(Phase.MAIL)),
                greylisting(),
                scripted("550 5.1.1 at RCPT", "the recipients do not exist", relay -> relay.on(Phase.RCPT)
                                .reply(550, "5.1.1 User unknown"))
                        .notAlone(OVER)
                        .expecting(Expected.allDead("recipient-rejected")),
                scripted("550 5.4.5 quota", "daily limit used up", relay -> relay.on(Phase.MAIL)
                                .reply(550, "5.4.5 Daily user sending limit exceeded"))
                        .curedByRestart()
                        .expecting(Expected.fewAttemptsAt(Phase.MAIL)),
                scripted("552 after DATA", "552 5.3.4: too big", relay -> relay.on(Phase.DATA_END)
                                .reply(552, "5.3.4 Message size exceeds fixed limit"))
                        .notAlone(OVER)
                        .expecting(Expected.allDead("message-rejected")),
                scripted("554 spam", "554 5.7.1 after DATA", relay -> relay.on(Phase.DATA_END)
                        .reply(554, "5.7.1 Message rejected under suspicion of SPAM")),
                scripted("closes in the middle of DATA", "hangs up after 100 bytes of each mail", relay -> relay.on(
                                Phase.DATA_BODY)
                        .dropConnectionAfterBytes(100)),
                scripted("closes after the final dot", "reads each mail whole and hangs up", relay -> relay.on(
                                Phase.DATA_END)
                        .dropConnection()),
                scripted("answers one byte a second", "greets with a byte a second", relay -> relay.on(Phase.GREETING)
                                .dribble(Duration.ofSeconds(1)))
                        .expecting(Expected.fewAttemptsAt(Phase.CONNECT)),
                scripted("reply of 1 MB", "451 with a megabyte of text to each MAIL", relay -> relay.on(Phase.MAIL)
                        .replyRaw(megabyte())),
                scripted("reply with no text", "\"250\" and nothing else to MAIL, RCPT and the final dot", relay -> {
                            byte[] bare = "250\r\n".getBytes(StandardCharsets.US_ASCII);
                            relay.on(Phase.MAIL).replyRaw(bare);
                            relay.on(Phase.RCPT).replyRaw(bare);
                            relay.on(Phase.DATA_END).replyRaw(bare);
                        })
                        .notAlone("it takes all mail from the first moment")
                        .expecting(Expected::allByFirst),
                scripted("8-bit noise", "bytes that are no text at MAIL, and \"451\" with noise", relay -> {
                    relay.on(Phase.MAIL).replyRaw(noise("")).times(10);
                    relay.on(Phase.MAIL).replyRaw(noise("451 "));
                }));
    }

    private static RelayFault greylisting() {
        Set<String> seen = ConcurrentHashMap.newKeySet();
        return scripted("450 at RCPT", "greylisting: 450 4.2.0 to the first try for each recipient", relay -> relay.on(
                                Phase.RCPT)
                        .when(step -> seen.add(relay.port() + " " + step.recipient()))
                        .reply(450, "4.2.0 Greylisted, try again later"))
                .curedBy(relay -> {});
    }

    private static byte[] megabyte() {
        byte[] reply = new byte[1 << 20];
        Arrays.fill(reply, (byte) 'x');
        byte[] begin = "451 4.3.0 ".getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(begin, 0, reply, 0, begin.length);
        reply[reply.length - 2] = '\r';
        reply[reply.length - 1] = '\n';
        return reply;
    }

    private static byte[] noise(String code) {
        return (code + "\u00ff\u00fe\u0080\u0001\u00c3( \u00f0\r\n").getBytes(StandardCharsets.ISO_8859_1);
    }
}
