package org.signupmailer.relay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One SMTP conversation with a relay, from the name's look-up to QUIT (RFC 5321), over which mail after mail is sent.
 * It knows at every moment how far the conversation came, because what a failure means depends on that. Commands
 * travel together where the relay offers PIPELINING (RFC 2920). Not thread-safe: the pool lends it to one at a time.
 */
final class SmtpConnection implements AutoCloseable {

    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] FINAL_DOT = {'.', '\r', '\n'};
    private static final int LONGEST_WORDS = 300;
    private static final Duration GOODBYE = Duration.ofMillis(200);

    private final Relay relay;
    private final PortChoice port;
    private final Duration replyTime;

    private Socket socket;
    private OutputStream out;
    private ReplyReader replies;
    private Map<String, String> extensions = Map.of();
    private SmtpPhase phase = SmtpPhase.GREETING;
    private boolean usable = true;
    private int mails;
    private long idleSince = System.nanoTime();
    private final long opened = System.nanoTime();

    private SmtpConnection(Relay relay, PortChoice port, Socket socket) throws IOException {
        this.relay = relay;
        this.port = port;
        this.replyTime = relay.limits().readTimeout();
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.replies = new ReplyReader(socket);
    }

    /** Connects, secures, greets and logs in; what it returns is ready for a mail. */
    static SmtpConnection open(Relay relay, PortChoice port, TlsSockets tls) throws SmtpFailure {
        Socket socket = dial(relay, port);
        SmtpConnection connection = null;
        try {
            if (port.tls() == TlsMode.IMPLICIT) {
                socket = secure(socket, relay, port, tls);
            }
            connection = new SmtpConnection(relay, port, socket);
            connection.greet();
            if (port.tls() == TlsMode.STARTTLS) {
                connection.startTls(tls);
            }
            connection.logIn();
            connection.idleSince = System.nanoTime();
            return connection;
        } catch (IOException e) {
            closeQuietly(socket);
            throw lost(connection == null ? SmtpPhase.CONNECT : connection.phase, e);
        } catch (SmtpFailure e) {
            closeQuietly(connection == null ? socket : connection.socket);
            throw e;
        }
    }

    private static Socket dial(Relay relay, PortChoice port) throws SmtpFailure {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(relay.host());
        } catch (UnknownHostException e) {
            throw new SmtpFailure(SmtpPhase.DNS, "the name " + relay.host() + " does not resolve", e);
        }
        long deadline = System.nanoTime() + relay.limits().connectTimeout().toNanos();
        IOException last = null;
        for (int i = 0; i < addresses.length; i++) {
            // All addresses together get the connect time-out, so that a name with four of them is not four times as
            // slow.
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()) / (addresses.length - i);
            if (left <= 0) {
                break;
            }
            Socket socket = new Socket();
            try {
                socket.setTcpNoDelay(true);
                socket.setKeepAlive(true);
                socket.connect(new InetSocketAddress(addresses[i], port.port()), (int) left);
                return socket;
            } catch (IOException e) {
                closeQuietly(socket);
                last = e;
            }
        }
        String how = last instanceof SocketTimeoutException || last == null
                ? "no answer within " + relay.limits().connectTimeout().toMillis() + " ms"
                : words(last);
        throw new SmtpFailure(SmtpPhase.CONNECT, "can't connect to port " + port.port() + ": " + how, last);
    }

    private static Socket secure(Socket socket, Relay relay, PortChoice port, TlsSockets tls) throws SmtpFailure {
        try {
            return tls.handshake(
                    socket, relay.host(), port.port(), relay.limits().readTimeout());
        } catch (IOException e) {
            closeQuietly(socket);
            throw new SmtpFailure(SmtpPhase.TLS, "the TLS handshake failed: " + words(e), e);
        }
    }

    private void greet() throws SmtpFailure {
        phase = SmtpPhase.GREETING;
        expect(read(), 220);
        hello();
    }

    private void hello() throws SmtpFailure {
        phase = SmtpPhase.EHLO;
        String name = ownName();
        String raw = rawCommand("EHLO " + name);
        SmtpReply reply = SmtpReply.parse(raw);
        if (reply.code() == 250) {
            extensions = extensions(raw);
            return;
        }
        if (reply.code() / 100 == 4 || reply.code() == 554) {
            throw refusal(reply);
        }
        // A server that knows no EHLO can't do STARTTLS or AUTH; a local one may still take mail (RFC 5321, 3.2).
        expect(command("HELO " + name), 250);
        extensions = Map.of();
    }

    // An address literal is what RFC 5321, 4.1.4 asks of a client without a name of its own; it needs no DNS.
    private String ownName() {
        InetAddress own = socket.getLocalAddress();
        String literal = own.getHostAddress();
        int zone = literal.indexOf('%');
        literal = zone < 0 ? literal : literal.substring(0, zone);
        return own instanceof Inet6Address ? "[IPv6:" + literal + "]" : "[" + literal + "]";
    }

    private static Map<String, String> extensions(String raw) {
        Map<String, String> extensions = new HashMap<>();
        String[] lines = raw.split("\n", 101);
        for (int i = 1; i < Math.min(lines.length, 100); i++) {
            if (lines[i].length() > 4) {
                String line = lines[i].substring(4).strip();
                int space = line.replace('=', ' ').indexOf(' ');
                String keyword = space < 0 ? line : line.substring(0, space);
                String parameters = space < 0 ? "" : line.substring(space + 1).strip();
                // "AUTH=LOGIN" beside "AUTH PLAIN" is how old servers say the same thing twice.
                extensions.merge(keyword.toUpperCase(Locale.ROOT), parameters, (a, b) -> a + " " + b);
            }
        }
        return extensions;
    }

    private void startTls(TlsSockets tls) throws SmtpFailure, IOException {
        phase = SmtpPhase.TLS;
        if (!extensions.containsKey("STARTTLS")) {
            throw new SmtpFailure(SmtpPhase.TLS, "the relay offers no STARTTLS on port " + port.port(), null);
        }
        expect(command("STARTTLS"), 220);
        if (replies.hasUnread()) {
            throw new SmtpFailure(SmtpPhase.TLS, "the relay sent more before TLS than the answer to STARTTLS", null);
        }
        socket = secure(socket, relay, port, tls);
        out = socket.getOutputStream();
        replies = new ReplyReader(socket);
        hello();
    }

    private void logIn() throws SmtpFailure {
        String user = relay.user();
        Secret password = relay.secret();
        if (user == null || password == null) {
            return;
        }
        phase = SmtpPhase.AUTH;
        String offered = extensions.get("AUTH");
        if (offered == null) {
            throw new SmtpFailure(
                    SmtpPhase.AUTH,
                    "the relay offers no AUTH on port " + port.port() + ", though a user and a password are set",
                    null);
        }
        var mechanisms = Arrays.asList(offered.toUpperCase(Locale.ROOT).split("\\s+"));
        if (mechanisms.contains("PLAIN")) {
            expect(command("AUTH PLAIN " + base64("\0" + user + "\0" + password.reveal())), 235);
        } else if (mechanisms.contains("LOGIN")) {
            expect(command("AUTH LOGIN"), 334);
            expect(command(base64(user)), 334);
            expect(command(base64(password.reveal())), 235);
        } else {
            throw new SmtpFailure(
                    SmtpPhase.AUTH, "the relay offers neither AUTH PLAIN nor LOGIN, only other mechanisms", null);
        }
    }

    /**
     * Sends one mail.
     *
     * @param from the envelope's sender
     * @param fromLine the header's From line, which goes before the mail's own bytes
     * @return the relay's answer to the final dot, a 250
     * @throws SmtpFailure when the mail was not accepted, or, in phase {@link SmtpPhase#FINAL_DOT} without a reply, when
     *     nobody knows
     */
    SmtpReply send(String from, byte[] fromLine, OutgoingMail mail) throws SmtpFailure {
        phase = SmtpPhase.MAIL;
        mails++;
        byte[] content = mail.bytes();
        String mailCommand = "MAIL FROM:<" + from + ">" + (mail.needsSmtpUtf8() ? " SMTPUTF8" : "");
        String rcptCommand = "RCPT TO:<" + mail.recipient() + ">";
        if (extensions.containsKey("PIPELINING")) {
            write(mailCommand, rcptCommand, "DATA");
            readPipelined();
        } else {
            accept(command(mailCommand), 250);
            phase = SmtpPhase.RCPT;
            SmtpReply recipient = command(rcptCommand);
            accept(recipient, recipient.code() == 251 ? 251 : 250);
            phase = SmtpPhase.DATA;
            accept(command("DATA"), 354);
        }
        writeContent(fromLine, content);
        phase = SmtpPhase.FINAL_DOT;
        SmtpReply answer = read();
        idleSince = System.nanoTime();
        if (answer.code() == 250) {
            return answer;
        }
        usable &= answer.code() != 421;
        throw new SmtpFailure(SmtpPhase.FINAL_DOT, answer);
    }

    // The first refusal is the one to tell: what follows it is only its echo, or a connection that closes.
    private void readPipelined() throws SmtpFailure {
        SmtpReply sender = read();
        SmtpFailure refused = sender.code() == 250 ? null : refusal(sender);
        SmtpReply data;
        try {
            phase = SmtpPhase.RCPT;
            SmtpReply recipient = read();
            if (refused == null && recipient.code() != 250 && recipient.code() != 251) {
                refused = refusal(recipient);
            }
            phase = SmtpPhase.DATA;
            data = read();
        } catch (SmtpFailure lost) {
            throw refused == null ? lost : refused;
        }
        if (refused == null && data.code() == 354) {
            return;
        }
        if (data.code() == 354) {
            // It waits for a mail now that must not be sent; without a final dot it can't have one (RFC 5321, 4.1.1.4).
            usable = false;
        } else {
            reset();
        }
        throw refused == null ? refusal(data) : refused;
    }

    private void accept(SmtpReply reply, int code) throws SmtpFailure {
        if (reply.code() != code) {
            SmtpFailure refused = refusal(reply);
            reset();
            throw refused;
        }
    }

    // The refusal that led here is what is told, whatever becomes of RSET.
    private void reset() {
        if (!usable) {
            return;
        }
        SmtpPhase told = phase;
        try {
            usable = command("RSET").code() == 250;
        } catch (SmtpFailure e) {
            usable = false;
        }
        phase = told;
    }

    /** Whether the relay still answers. */
    boolean answers() {
        try {
            phase = SmtpPhase.EHLO;
            boolean answers = command("NOOP").code() / 100 == 2;
            idleSince = System.nanoTime();
            return answers;
        } catch (SmtpFailure e) {
            return false;
        }
    }

    /** False after anything from which the conversation can't go on with another mail. */
    boolean usable() {
        return usable;
    }

    boolean supports(String extension) {
        return extensions.containsKey(extension);
    }

    PortChoice port() {
        return port;
    }

    /** Mails tried over this connection. */
    int mails() {
        return mails;
    }

    Duration idle() {
        return Duration.ofNanos(System.nanoTime() - idleSince);
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - opened);
    }

    @Override
    public void close() {
        try {
            if (usable && !socket.isClosed()) {
                socket.setSoTimeout((int) GOODBYE.toMillis());
                out.write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
        } catch (IOException e) {
            // It is being closed anyway.
            usable = false;
        } finally {
            closeQuietly(socket);
        }
    }

    private SmtpReply command(String command) throws SmtpFailure {
        return SmtpReply.parse(rawCommand(command));
    }

    private String rawCommand(String command) throws SmtpFailure {
        write(command);
        try {
            return replies.read(replyTime);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private SmtpReply read() throws SmtpFailure {
        try {
            return SmtpReply.parse(replies.read(replyTime));
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private void write(String... commands) throws SmtpFailure {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        for (String command : commands) {
            if (command.indexOf('\r') >= 0 || command.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("An SMTP command can't hold a line break");
            }
            bytes.writeBytes(command.getBytes(StandardCharsets.UTF_8));
            bytes.writeBytes(CRLF);
        }
        try {
            bytes.writeTo(out);
            out.flush();
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private void writeContent(byte[] fromLine, byte[] content) throws SmtpFailure {
        byte[] all = new byte[fromLine.length + content.length + FINAL_DOT.length + dots(content)];
        System.arraycopy(fromLine, 0, all, 0, fromLine.length);
        int at = stuff(content, all, fromLine.length);
        System.arraycopy(FINAL_DOT, 0, all, at, FINAL_DOT.length);
        try {
            out.write(all);
            out.flush();
        } catch (IOException e) {
            // Not every byte left this machine, so the final dot, which is the last one, did not.
            throw lost(e);
        }
    }

    private static int dots(byte[] content) {
        int dots = 0;
        for (int i = 0; i < content.length; i++) {
            if (content[i] == '.' && (i == 0 || content[i - 1] == '\n')) {
                dots++;
            }
        }
        return dots;
    }

    // RFC 5321, 4.5.2: a line that begins with a dot gets another one.
    private static int stuff(byte[] content, byte[] target, int at) {
        int from = 0;
        for (int i = 0; i < content.length; i++) {
            if (content[i] == '.' && (i == 0 || content[i - 1] == '\n')) {
                System.arraycopy(content, from, target, at, i - from);
                at += i - from;
                target[at++] = '.';
                from = i;
            }
        }
        System.arraycopy(content, from, target, at, content.length - from);
        return at + content.length - from;
    }

    private void expect(SmtpReply reply, int code) throws SmtpFailure {
        if (reply.code() != code) {
            throw refusal(reply);
        }
    }

    private SmtpFailure refusal(SmtpReply reply) {
        usable &= reply.code() != 421;
        return new SmtpFailure(phase, reply);
    }

    private SmtpFailure lost(IOException e) {
        usable = false;
        return lost(phase, e);
    }

    private static SmtpFailure lost(SmtpPhase phase, IOException e) {
        return new SmtpFailure(phase, words(e), e);
    }

    private static String words(@Nullable IOException e) {
        if (e == null || e.getMessage() == null) {
            return "the connection broke";
        }
        String message = e instanceof SSLException
                        && e.getCause() != null
                        && e.getCause().getMessage() != null
                ? e.getCause().getMessage()
                : e.getMessage();
        String printable = message.replaceAll("\\p{Cntrl}+", " ");
        return printable.length() <= LONGEST_WORDS ? printable : printable.substring(0, LONGEST_WORDS);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // Nothing more can be done for it.
        }
    }
}
