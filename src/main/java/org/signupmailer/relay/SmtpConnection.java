package org.signupmailer.relay;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One SMTP conversation with a relay, from the name's look-up to QUIT (RFC 5321), over which mail after mail is sent.
 * It knows at every moment how far the conversation came, because what a failure means depends on that. Commands
 * travel together where the relay offers PIPELINING (RFC 2920). Opening it needs a thread that waits; once it is open, its
 * {@linkplain #line line} may do without. Not thread-safe: the pool lends it to one at a time.
 */
final class SmtpConnection implements AutoCloseable {

    static final byte[] NOTHING = {};
    private static final byte[] QUIT = "QUIT\r\n".getBytes(StandardCharsets.US_ASCII);

    private static final int LONGEST_WORDS = 300;
    private static final Duration GOODBYE = Duration.ofMillis(200);
    // For what a healthy server answers at once; one that does not is left, which costs a new connection and no mail.
    private static final Duration LIVELY = Duration.ofSeconds(2);
    private static final Duration LEAST = Duration.ofMillis(1);

    private final Relay relay;
    private final PortChoice port;
    private Duration replyTime;
    private final Socket plain;
    private final SocketChannel channel;
    private final Watchdog watchdog;

    private Wire wire;
    private @Nullable SSLSession session;
    private ReplyReader replies = new ReplyReader();
    private volatile @Nullable MailLine line;
    private Map<String, String> extensions = Map.of();
    private SmtpPhase phase = SmtpPhase.GREETING;
    private volatile boolean usable = true;
    private volatile boolean silent;
    private boolean opening = true;
    private int mails;
    private volatile long idleSince = System.nanoTime();
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

    private SmtpConnection(Relay relay, PortChoice port, Socket socket, SocketChannel channel) {
        this.relay = relay;
        this.port = port;
        this.replyTime = relay.limits().openingTimeout();
        this.plain = socket;
        this.channel = channel;
        this.wire = Wire.plain(channel);
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

    /** The conversation over a connected socket that has a channel, before its first step. */
    static SmtpConnection over(Socket socket, Relay relay, PortChoice port) {
        SocketChannel channel = socket.getChannel();
        if (channel == null) {
            throw new IllegalArgumentException("the socket has no channel");
        }
        return new SmtpConnection(relay, port, socket, channel);
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
            Socket socket = socket();
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
        throw new SmtpFailure(SmtpPhase.CONNECT, how + " (port " + port.port() + ")", last);
    }

    // With a channel, so that it can do without a thread that waits for it.
    private static Socket socket() throws SmtpFailure {
        try {
            return SocketChannel.open().socket();
        } catch (IOException e) {
            throw new SmtpFailure(SmtpPhase.CONNECT, words(e), e);
        }
    }

    /** The TLS handshake over what was plain so far. */
    void secure(TlsSockets tls) throws SmtpFailure {
        phase = SmtpPhase.TLS;
        Duration time = time(replyTime);
        TlsWire secured = within(time, () -> tls.handshake(channel, relay.host(), port.port()));
        wire = secured;
        session = secured.session();
        replies = new ReplyReader();
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
        InetAddress own = plain.getLocalAddress();
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
     * Sends one mail, and waits for what comes of it.
     *
     * @param from the envelope's sender
     * @param fromLine the header's From line, which goes before the mail's own bytes
     * @return the relay's answer to the final dot, a 250
     * @throws SmtpFailure when the mail was not accepted, or, in phase {@link SmtpPhase#FINAL_DOT} without a reply, when
     *     nobody knows
     */
    SmtpReply send(String from, byte[] fromLine, OutgoingMail mail) throws SmtpFailure {
        MailTurn turn = new MailTurn(this, from, fromLine, mail);
        lead(turn);
        return turn.accepted();
    }

    /**
     * Leads a turn to its end.
     *
     * @param over called once it is, by the line's thread, or by this one where it has no line, the place was free, or that
     *     thread sleeps
     */
    void take(SmtpTurn turn, Runnable over) {
        MailLine free = line;
        if (free == null) {
            try {
                lead(turn);
            } catch (RuntimeException | Error e) {
                mistaken(turn, e);
            }
            over.run();
        } else if (place != null && (place.isAtOnce() || free.sleeps())) {
            free.takeHere(turn, over);
        } else {
            free.take(turn, over);
        }
    }

    /** A mistake of ours ended the turn; nobody knows what the relay waits for. */
    void mistaken(SmtpTurn turn, Throwable why) {
        usable = false;
        turn.broke(why instanceof RuntimeException mistake ? mistake : new IllegalStateException(why));
    }

    private void lead(SmtpTurn turn) {
        if (line != null) {
            throw new IllegalStateException("This connection has a line, which leads its turns");
        }
        turn.begin();
        while (!turn.isOver()) {
            if (turn.hasWords()) {
                try {
                    send(turn.words(), turn.length());
                } catch (SmtpFailure e) {
                    turn.unsaid(e);
                    continue;
                }
                turn.said();
                continue;
            }
            SmtpReply reply;
            try {
                reply = read(turn.patience());
            } catch (SmtpFailure e) {
                turn.lost(e);
                continue;
            }
            turn.heard(reply);
        }
    }

    /** From now on nobody waits for it: the loop does all that is said over it. */
    void joins(SmtpLoop loop) throws SmtpFailure {
        try {
            line = loop.add(channel, new MailLine(this, wire, replies, loop));
            watchdog.close();
        } catch (IOException e) {
            throw lost(e);
        }
    }

    boolean pipelines() {
        return extensions.containsKey("PIPELINING");
    }

    private static boolean needsUtf8(String from, OutgoingMail mail) {
        return mail.needsSmtpUtf8() || !SmtpCommands.isAscii(from);
    }

    boolean lacksUtf8(String from, OutgoingMail mail) {
        return needsUtf8(from, mail) && !supports("SMTPUTF8");
    }

    byte[] sender(String from, OutgoingMail mail) {
        return SmtpCommands.lines(mailFrom(from, needsUtf8(from, mail)));
    }

    byte[] group(String from, OutgoingMail mail) {
        return SmtpCommands.lines(mailFrom(from, needsUtf8(from, mail)), SmtpCommands.rcptTo(mail.recipient()), "DATA");
    }

    // DATA, the last of the group, has to wait for its answer before the content; the rest needs not.
    byte[] envelopeAhead(String from) {
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
            counts();
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

    /** One mail more was begun over it. */
    void counts() {
        mails++;
    }

    /** No mail's envelope is outstanding any more. */
    void expectNothing() {
        expected = null;
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
        SmtpReply reply = command(mailFrom(from, !SmtpCommands.isAscii(from)));
        accept(reply, 2);
        return reply;
    }

    /** Names a recipient, after the sender. */
    SmtpReply recipient(String address) throws SmtpFailure {
        phase = SmtpPhase.RCPT;
        SmtpReply reply = command(SmtpCommands.rcptTo(address));
        accept(reply, 2);
        return reply;
    }

    private String mailFrom(String from, boolean utf8) {
        return SmtpCommands.mailFrom(from, utf8, supports("8BITMIME"));
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

    /** Whether the relay still answers; waits for that. */
    boolean answers() {
        phase = SmtpPhase.EHLO;
        NoopTurn turn = new NoopTurn(lively());
        CountDownLatch over = new CountDownLatch(1);
        take(turn, over::countDown);
        try {
            return over.await(replyTime.toMillis(), TimeUnit.MILLISECONDS) && turn.answered();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Whether nothing has come since the last reply; what comes unasked is a farewell (421) or out of step. */
    boolean isQuiet() {
        MailLine free = line;
        if (free != null) {
            return free.isQuiet();
        }
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

    /** What came was not asked for: a farewell (421), or out of step. */
    void unasked() {
        usable = false;
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
        return session;
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
        MailLine free = line;
        if (free != null) {
            // Behind DATA it would be the first line of a mail.
            free.close(usable && expected == null ? QUIT : NOTHING);
            return;
        }
        watchdog.set(GOODBYE);
        try {
            // Behind DATA it would be the first line of a mail.
            if (usable && expected == null && !plain.isClosed()) {
                say(QUIT, QUIT.length);
                wire.sayGoodbye();
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
        return heard(readRaw(atMost));
    }

    /** Understands a reply as it came. */
    SmtpReply heard(String raw) {
        idleSince = System.nanoTime();
        SmtpReply reply = known(raw);
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
        String reply = within(time, () -> replies.await(wire, time));
        idleSince = System.nanoTime();
        return reply;
    }

    /** For what a healthy server answers at once. */
    Duration lively() {
        return LIVELY.compareTo(replyTime) < 0 ? LIVELY : replyTime;
    }

    /** For each reply. */
    Duration replyTime() {
        return replyTime;
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
                throw opening && time.compareTo(replyTime) < 0
                        ? silence(
                                "greeting and login took longer than "
                                        + replyTime.multipliedBy(2).toMillis() + " ms together",
                                e)
                        : silence(time, e);
            }
            throw lost(e);
        } finally {
            watchdog.callOff();
        }
    }

    /** The relay said nothing, or took nothing, for so long. */
    SmtpFailure silence(Duration time, @Nullable IOException cause) {
        return silence("no complete answer within " + time.toMillis() + " ms", cause);
    }

    private SmtpFailure silence(String what, @Nullable IOException cause) {
        usable = false;
        silent = true;
        return new SmtpFailure(phase, what, cause);
    }

    private void write(String command) throws SmtpFailure {
        byte[] words = SmtpCommands.lines(command);
        send(words, words.length);
    }

    private void say(byte[] bytes, int length) throws IOException {
        ByteBuffer words = ByteBuffer.wrap(bytes, 0, length);
        while (!wire.write(words)) {
            Thread.onSpinWait();
        }
    }

    private void send(byte[] bytes, int length) throws SmtpFailure {
        within(time(replyTime), () -> {
            say(bytes, length);
            return length;
        });
    }

    /** The mail as it follows DATA; until the next one. */
    DotStuffing stuffed(byte[] fromLine, byte[] content, byte[] behind) {
        return stuffing.with(fromLine, content, behind);
    }

    /** How far the conversation came. */
    void comes(SmtpPhase where) {
        phase = where;
    }

    /** It can't go on with another mail. */
    void spoil() {
        usable = false;
    }

    // RFC 5321, 4.2.1 and 4.3.2: what the first digit says goes, whatever the others are.
    private void expect(SmtpReply reply, int firstDigit) throws SmtpFailure {
        if (reply.code() / 100 != firstDigit) {
            throw refusal(reply);
        }
    }

    // After 421 the relay hangs up; after anything but a refusal the two no longer talk about the same command.
    SmtpFailure refusal(SmtpReply reply) {
        usable &= reply.code() >= 400 && reply.code() != 421;
        return new SmtpFailure(phase, reply);
    }

    SmtpFailure lost(IOException e) {
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
