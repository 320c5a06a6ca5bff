package org.signupmailer.relay;

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
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One SMTP conversation with a relay, from the name's look-up to QUIT (RFC 5321), over which mail after mail is sent.
 * It knows at every moment how far the conversation came, because what a failure means depends on that. Commands
 * travel together where the relay offers PIPELINING (RFC 2920). Not thread-safe: the pool lends it to one at a time.
 */
final class SmtpConnection implements AutoCloseable {

    private static final byte[] NOTHING = {};
    // A larger mail may be broken off while it is written, and that it was is to be known for certain.
    private static final int TOGETHER = 32 * 1024;
    private static final int LONGEST_WORDS = 300;
    private static final Duration GOODBYE = Duration.ofMillis(200);
    // For what a healthy server answers at once; one that does not is left, which costs a new connection and no mail.
    private static final Duration LIVELY = Duration.ofSeconds(2);
    private static final Duration LEAST = Duration.ofMillis(1);

    private final Relay relay;
    private final PortChoice port;
    private Duration replyTime;
    private final Socket plain;
    private final Watchdog watchdog;

    private Socket socket;
    private OutputStream out;
    private ReplyReader replies;
    private Map<String, String> extensions = Map.of();
    private SmtpPhase phase = SmtpPhase.GREETING;
    private boolean usable = true;
    private boolean silent;
    private boolean opening = true;
    private int mails;
    private long idleSince = System.nanoTime();
    private final long opened = System.nanoTime();
    private final DotStuffing stuffing = new DotStuffing();
    private final Map<SmtpPhase, Heard> heard = new EnumMap<>(SmtpPhase.class);
    private Places.@Nullable Place place;
    private boolean mayGoAhead;
    // The mail whose envelope was sent behind the one before.
    private @Nullable OutgoingMail expected;
    private long expectedSince;

    /** A reply as it came, and as it was understood. */
    private record Heard(String raw, SmtpReply reply) {}

    private SmtpConnection(Relay relay, PortChoice port, Socket socket) throws IOException {
        this.relay = relay;
        this.port = port;
        this.replyTime = relay.limits().openingTimeout();
        this.plain = socket;
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.replies = new ReplyReader(socket);
        this.watchdog = new Watchdog(socket);
    }

    /**
     * Connects, secures, greets and logs in; what it returns is ready for a mail. From the greeting to the login it takes
     * at most twice the time that one reply may take, so that a server that is slow at every step is not waited for at
     * each anew.
     *
     * @param connectTime for the TCP connection, all addresses of the name together; looking up the name comes on top
     */
    static SmtpConnection open(Relay relay, PortChoice port, Duration connectTime, TlsSockets tls) throws SmtpFailure {
        SmtpConnection connection = over(dial(relay, port, connectTime), relay, port);
        try {
            if (port.tls() == TlsMode.IMPLICIT) {
                connection.secure(tls);
            }
            connection.greet();
            connection.hello();
            if (port.tls() == TlsMode.STARTTLS) {
                connection.startTls(tls);
                connection.hello();
            }
            connection.logIn();
            connection.opened();
            return connection;
        } catch (SmtpFailure | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** The conversation over a connected socket, before its first step. */
    static SmtpConnection over(Socket socket, Relay relay, PortChoice port) throws SmtpFailure {
        try {
            return new SmtpConnection(relay, port, socket);
        } catch (IOException e) {
            closeQuietly(socket);
            throw new SmtpFailure(SmtpPhase.CONNECT, words(e), e);
        }
    }

    private static Socket dial(Relay relay, PortChoice port, Duration connectTime) throws SmtpFailure {
        InetAddress[] addresses;
        try {
            addresses = InetAddress.getAllByName(relay.host());
        } catch (UnknownHostException e) {
            throw new SmtpFailure(SmtpPhase.DNS, "the name " + relay.host() + " does not resolve", e);
        }
        long deadline = System.nanoTime() + connectTime.toNanos();
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
                ? "no answer within " + connectTime.toMillis() + " ms"
                : words(last);
        throw new SmtpFailure(SmtpPhase.CONNECT, "can't connect to port " + port.port() + ": " + how, last);
    }

    /** The TLS handshake over what was plain so far. */
    void secure(TlsSockets tls) throws SmtpFailure {
        phase = SmtpPhase.TLS;
        Duration time = time(replyTime);
        socket = within(time, () -> tls.handshake(plain, relay.host(), port.port()));
        try {
            out = socket.getOutputStream();
            replies = new ReplyReader(socket);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** Waits for the relay's first words. */
    SmtpReply greet() throws SmtpFailure {
        phase = SmtpPhase.GREETING;
        SmtpReply greeting = read();
        expect(greeting, 2);
        return greeting;
    }

    /** Says EHLO and learns what the relay offers. */
    void hello() throws SmtpFailure {
        phase = SmtpPhase.EHLO;
        String name = ownName();
        String raw = rawCommand("EHLO " + name, replyTime);
        SmtpReply reply = SmtpReply.parse(raw);
        if (reply.code() / 100 == 2) {
            extensions = extensions(raw);
            return;
        }
        if (reply.code() / 100 != 5 || reply.code() == 554) {
            throw refusal(reply);
        }
        // A server that knows no EHLO can't do STARTTLS or AUTH; a local one may still take mail (RFC 5321, 3.2).
        expect(command("HELO " + name), 2);
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

    /** STARTTLS and the handshake; what was offered before counts no more, so EHLO has to follow. */
    void startTls(TlsSockets tls) throws SmtpFailure {
        phase = SmtpPhase.TLS;
        if (!extensions.containsKey("STARTTLS")) {
            throw new SmtpFailure(SmtpPhase.TLS, "the relay offers no STARTTLS on port " + port.port(), null);
        }
        expect(command("STARTTLS"), 2);
        if (hasUnread()) {
            usable = false;
            throw new SmtpFailure(SmtpPhase.TLS, "the relay sent more before TLS than the answer to STARTTLS", null);
        }
        secure(tls);
    }

    /** Logs in if a user is set. */
    void logIn() throws SmtpFailure {
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
        String code = base64(password.reveal());
        String both = base64("\0" + user + "\0" + password.reveal());
        String[] secrets = {both, code, password.reveal()};
        if (mechanisms.contains("PLAIN")) {
            expect(login("AUTH PLAIN " + both, secrets), 2);
        } else if (mechanisms.contains("LOGIN")) {
            expect(command("AUTH LOGIN"), 3);
            expect(command(base64(user)), 3);
            expect(login(code, secrets), 2);
        } else {
            throw new SmtpFailure(
                    SmtpPhase.AUTH, "the relay offers neither AUTH PLAIN nor LOGIN, only other mechanisms", null);
        }
    }

    /** From now on replies are waited for as long as those to mails. */
    void opened() {
        opening = false;
        replyTime = relay.limits().readTimeout();
    }

    // Servers quote commands that they don't understand, and replies are logged and kept.
    private SmtpReply login(String command, String... secrets) throws SmtpFailure {
        String[] lines = rawCommand(command, replyTime).split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            if (lines[i].length() > 3) {
                String text = lines[i].substring(3);
                for (String secret : secrets) {
                    text = Pattern.compile(Pattern.quote(secret), Pattern.CASE_INSENSITIVE)
                            .matcher(text)
                            .replaceAll("***");
                }
                lines[i] = lines[i].substring(0, 3) + text;
            }
        }
        return SmtpReply.parse(String.join("\n", lines));
    }

    /**
     * Sends one mail, and behind it the envelope of the next one in line where the relay offers PIPELINING: that "may be
     * placed in the same group" (RFC 2920, 3.1), and saves the next mail a round trip.
     *
     * @param from the envelope's sender
     * @param fromLine the header's From line, which goes before the mail's own bytes
     * @return the relay's answer to the final dot, a 250
     * @throws SmtpFailure when the mail was not accepted, or, in phase {@link SmtpPhase#FINAL_DOT} without a reply, when
     *     nobody knows
     */
    SmtpReply send(String from, byte[] fromLine, OutgoingMail mail) throws SmtpFailure {
        phase = SmtpPhase.MAIL;
        if (expects(mail)) {
            expected = null;
            readPipelined(lively());
        } else if (expectsAnother()) {
            // It may be waiting for content, and would take the commands for that.
            throw new IllegalStateException("This connection waits for another mail");
        } else {
            envelope(from, mail);
        }
        writeContent(fromLine, mail.bytes(), envelopeAhead(from));
        SmtpReply answer = read();
        expect(answer, 2);
        return answer;
    }

    private void envelope(String from, OutgoingMail mail) throws SmtpFailure {
        if (lacksUtf8(from, mail)) {
            throw SmtpFailure.ofTheMail(SmtpPhase.MAIL, "the relay does not take international addresses (SMTPUTF8)");
        }
        mails++;
        if (pipelines()) {
            byte[] group = group(from, mail);
            send(group, group.length);
            readPipelined(replyTime);
        } else {
            accept(command(mailFrom(from, needsUtf8(from, mail))), 2);
            recipient(mail.recipient());
            phase = SmtpPhase.DATA;
            accept(command("DATA"), 3);
        }
    }

    private boolean pipelines() {
        return extensions.containsKey("PIPELINING");
    }

    private static boolean needsUtf8(String from, OutgoingMail mail) {
        return mail.needsSmtpUtf8() || !isAscii(from);
    }

    private boolean lacksUtf8(String from, OutgoingMail mail) {
        return needsUtf8(from, mail) && !supports("SMTPUTF8");
    }

    private byte[] group(String from, OutgoingMail mail) {
        return lines(mailFrom(from, needsUtf8(from, mail)), rcptTo(mail.recipient()), "DATA");
    }

    // DATA, the last of the group, has to wait for its answer before the content; the rest needs not.
    private byte[] envelopeAhead(String from) {
        Places.Place here = place;
        if (here == null || !mayGoAhead || !pipelines() || !isYoung()) {
            return NOTHING;
        }
        OutgoingMail next = here.promiseToNext(mail -> !lacksUtf8(from, mail));
        if (next == null) {
            return NOTHING;
        }
        try {
            byte[] group = group(from, next);
            mails++;
            expected = next;
            expectedSince = System.nanoTime();
            return group;
        } catch (IllegalArgumentException e) {
            // An address that can't be one: the next mail's own sender finds that out.
            return NOTHING;
        }
    }

    /**
     * Lent for a mail that has this place.
     *
     * @param ahead whether the next mail's envelope may travel behind it
     */
    void takes(Places.Place taken, boolean ahead) {
        place = taken;
        mayGoAhead = ahead;
    }

    /** The place of the mail that it is or was lent for. */
    Places.Place place() {
        Places.Place taken = place;
        if (taken == null) {
            throw new IllegalStateException("This connection was not lent by a pool");
        }
        return taken;
    }

    /** Whether this mail's envelope was sent over it: no other envelope may follow, however long ago that was. */
    boolean expects(OutgoingMail mail) {
        return expected == mail;
    }

    /** Whether it can go on with the mail whose envelope was sent: the relay won't have given up waiting for it. */
    boolean isInTime() {
        return usable && System.nanoTime() - expectedSince < Places.ENVELOPE_KEEPS.toNanos();
    }

    /** Whether an envelope was sent over it whose mail has not followed: nothing but that mail can. */
    boolean expectsAnother() {
        return expected != null;
    }

    /** Whether it may take a mail more. */
    boolean isYoung() {
        return mails < relay.limits().mailsPerConnection()
                && age().compareTo(relay.limits().maxAge()) < 0;
    }

    /** Names the sender and nothing more. */
    SmtpReply sender(String from) throws SmtpFailure {
        phase = SmtpPhase.MAIL;
        SmtpReply reply = command(mailFrom(from, !isAscii(from)));
        accept(reply, 2);
        return reply;
    }

    /** Names a recipient, after the sender. */
    SmtpReply recipient(String address) throws SmtpFailure {
        phase = SmtpPhase.RCPT;
        SmtpReply reply = command(rcptTo(address));
        accept(reply, 2);
        return reply;
    }

    private String mailFrom(String from, boolean utf8) {
        return "MAIL FROM:<" + path(from) + ">" + parameters(utf8);
    }

    private static String rcptTo(String recipient) {
        return "RCPT TO:<" + path(recipient) + ">";
    }

    // RFC 6531, 3.4 and 3.6: header fields in UTF-8 are eight-bit data.
    private String parameters(boolean utf8) {
        if (!utf8) {
            return "";
        }
        return supports("8BITMIME") ? " BODY=8BITMIME SMTPUTF8" : " SMTPUTF8";
    }

    // Events with such addresses are refused at the door; this is the wall behind it.
    private static String path(String address) {
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            if (c <= ' ' || c == '<' || c == '>' || Character.isISOControl(c)) {
                throw new IllegalArgumentException("An address in an SMTP command can't hold white space, angle"
                        + " brackets or control characters");
            }
        }
        return address;
    }

    // The first refusal is the one to tell: what follows it is only its echo, or a connection that closes.
    private void readPipelined(Duration firstWithin) throws SmtpFailure {
        SmtpReply sender = read(firstWithin);
        SmtpFailure refused = sender.code() / 100 == 2 ? null : refusal(sender);
        SmtpReply data;
        try {
            if (refused != null && !usable) {
                throw refused;
            }
            phase = SmtpPhase.RCPT;
            SmtpReply recipient = read();
            if (refused == null && recipient.code() / 100 != 2) {
                refused = refusal(recipient);
                if (!usable) {
                    throw refused;
                }
            }
            phase = SmtpPhase.DATA;
            data = read();
        } catch (SmtpFailure lost) {
            throw refused == null ? lost : refused;
        }
        if (refused == null && data.code() / 100 == 3) {
            return;
        }
        if (data.code() / 100 == 3) {
            // It waits for a mail now that must not be sent; without a final dot it can't have one (RFC 5321, 4.1.1.4).
            usable = false;
        } else if (refused == null) {
            refused = refusal(data);
        }
        reset();
        throw refused == null ? refusal(data) : refused;
    }

    private void accept(SmtpReply reply, int firstDigit) throws SmtpFailure {
        if (reply.code() / 100 != firstDigit) {
            SmtpFailure refused = refusal(reply);
            reset();
            throw refused;
        }
    }

    /** Forgets sender and recipient. The refusal that led here is what is told, whatever becomes of RSET. */
    void reset() {
        if (!usable) {
            return;
        }
        SmtpPhase told = phase;
        try {
            usable = SmtpReply.parse(rawCommand("RSET", lively())).code() / 100 == 2;
        } catch (SmtpFailure e) {
            usable = false;
        }
        phase = told;
    }

    /** Whether the relay still answers. */
    boolean answers() {
        try {
            phase = SmtpPhase.EHLO;
            return SmtpReply.parse(rawCommand("NOOP", lively())).code() / 100 == 2;
        } catch (SmtpFailure e) {
            return false;
        }
    }

    /** Whether nothing has come since the last reply; what comes unasked is a farewell (421) or out of step. */
    boolean isQuiet() {
        try {
            return !hasUnread();
        } catch (SmtpFailure e) {
            return false;
        }
    }

    private boolean hasUnread() throws SmtpFailure {
        try {
            return replies.hasUnread() || plain.getInputStream().available() > 0;
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /** Whether it ended because the relay did not answer in time. */
    boolean fellSilent() {
        return silent;
    }

    /** False after anything from which the conversation can't go on with another mail. */
    boolean usable() {
        return usable;
    }

    boolean supports(String extension) {
        return extensions.containsKey(extension);
    }

    /** What the relay offered at the last EHLO: keywords in upper case, with their parameters. */
    Map<String, String> extensions() {
        return extensions;
    }

    /** What the handshake agreed on; null before TLS. */
    @Nullable
    SSLSession session() {
        return socket instanceof SSLSocket secured ? secured.getSession() : null;
    }

    /** Ends it from another thread, whatever it waits for. */
    void abort() {
        closeQuietly(plain);
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

    /** Says goodbye where that makes sense, and takes a third of a second at most. */
    @Override
    public void close() {
        watchdog.set(GOODBYE);
        try {
            // Behind DATA it would be the first line of a mail.
            if (usable && expected == null && !plain.isClosed()) {
                out.write("QUIT\r\n".getBytes(StandardCharsets.US_ASCII));
                out.flush();
                socket.close();
            }
        } catch (IOException e) {
            // It is being closed anyway.
            usable = false;
        } finally {
            watchdog.close();
            closeQuietly(plain);
        }
    }

    private SmtpReply command(String command) throws SmtpFailure {
        return SmtpReply.parse(rawCommand(command, replyTime));
    }

    private String rawCommand(String command, Duration atMost) throws SmtpFailure {
        write(command);
        return readRaw(atMost);
    }

    private SmtpReply read() throws SmtpFailure {
        return read(replyTime);
    }

    private SmtpReply read(Duration atMost) throws SmtpFailure {
        SmtpReply reply = known(readRaw(atMost));
        usable &= reply.code() != SmtpReply.UNREADABLE;
        return reply;
    }

    // A well relay says the same to the same command, mail after mail.
    private SmtpReply known(String raw) {
        Heard last = heard.get(phase);
        if (last != null && last.raw.equals(raw)) {
            return last.reply;
        }
        SmtpReply reply = SmtpReply.parse(raw);
        heard.put(phase, new Heard(raw, reply));
        return reply;
    }

    private String readRaw(Duration atMost) throws SmtpFailure {
        Duration time = time(atMost);
        String reply = within(time, () -> replies.read(time));
        idleSince = System.nanoTime();
        return reply;
    }

    private Duration lively() {
        return LIVELY.compareTo(replyTime) < 0 ? LIVELY : replyTime;
    }

    private Duration time(Duration atMost) {
        if (!opening) {
            return atMost;
        }
        Duration left = replyTime.multipliedBy(2).minus(age());
        Duration some = left.compareTo(LEAST) < 0 ? LEAST : left;
        return some.compareTo(atMost) < 0 ? some : atMost;
    }

    private interface Talk<T> {
        T over() throws IOException;
    }

    private <T> T within(Duration time, Talk<T> talk) throws SmtpFailure {
        watchdog.set(time);
        try {
            return talk.over();
        } catch (IOException e) {
            if (watchdog.barked() || e instanceof SocketTimeoutException) {
                usable = false;
                silent = true;
                throw new SmtpFailure(
                        phase,
                        time.compareTo(replyTime) < 0
                                ? "greeting and login took longer than "
                                        + replyTime.multipliedBy(2).toMillis() + " ms together"
                                : "no complete answer within " + time.toMillis() + " ms",
                        e);
            }
            throw lost(e);
        } finally {
            watchdog.callOff();
        }
    }

    private void write(String command) throws SmtpFailure {
        byte[] line = lines(command);
        send(line, line.length);
    }

    private static byte[] lines(String... commands) {
        StringBuilder lines = new StringBuilder(256);
        for (String command : commands) {
            if (command.indexOf('\r') >= 0 || command.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("An SMTP command can't hold a line break");
            }
            lines.append(command).append("\r\n");
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void send(byte[] bytes, int length) throws SmtpFailure {
        within(time(replyTime), () -> {
            out.write(bytes, 0, length);
            out.flush();
            return length;
        });
    }

    private void writeContent(byte[] fromLine, byte[] content, byte[] behind) throws SmtpFailure {
        if (behind.length > 0 && content.length <= TOGETHER) {
            // If it fails, the final dot may have left this machine, so nobody knows.
            phase = SmtpPhase.FINAL_DOT;
            send(stuffing.with(fromLine, content, behind));
            return;
        }
        // If it fails, not every byte left this machine, so the final dot, which is the last one, did not.
        send(stuffing.with(fromLine, content, NOTHING));
        phase = SmtpPhase.FINAL_DOT;
        if (behind.length > 0) {
            try {
                send(behind, behind.length);
            } catch (SmtpFailure e) {
                // The answer to this mail may be there all the same; for another one the connection is of no use.
                expected = null;
            }
        }
    }

    private void send(DotStuffing content) throws SmtpFailure {
        send(content.bytes(), content.length());
    }

    // RFC 5321, 4.2.1 and 4.3.2: what the first digit says goes, whatever the others are.
    private void expect(SmtpReply reply, int firstDigit) throws SmtpFailure {
        if (reply.code() / 100 != firstDigit) {
            throw refusal(reply);
        }
    }

    // After 421 the relay hangs up; after anything but a refusal the two no longer talk about the same command.
    private SmtpFailure refusal(SmtpReply reply) {
        usable &= reply.code() >= 400 && reply.code() != 421;
        return new SmtpFailure(phase, reply);
    }

    private SmtpFailure lost(IOException e) {
        usable = false;
        return new SmtpFailure(phase, (phase == SmtpPhase.TLS ? "the TLS handshake failed: " : "") + words(e), e);
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

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
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
