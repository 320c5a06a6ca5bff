package org.signupmailer.testing.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * An SMTP relay on 127.0.0.1 that accepts every mail, until told to misbehave:
 *
 * <pre>{@code
 * try (ScriptedSmtpServer smtp = ScriptedSmtpServer.start()) {
 *     smtp.on(Phase.RCPT).reply(452, "4.2.2 Mailbox full").times(2);
 *     // point the client under test to smtp.port()
 *     ReceivedMail mail = smtp.awaitMails(1, Duration.ofSeconds(5)).get(0);
 * }
 * }</pre>
 *
 * <p>All methods may be called from any thread at any time; a script takes effect at the next step of every connection,
 * open ones included.
 */
public final class ScriptedSmtpServer implements AutoCloseable {

    private static final int BACKLOG = 500;
    private static final int CONVERSATIONS_KEPT = 1_000;

    private final Options options;
    private final Map<String, String> passwords;
    private final Script script = new Script();
    private final Mailbox mailbox;
    private final Map<Phase, LongAdder> counts = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger mostOpen = new AtomicInteger();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    private final Deque<Conversation> conversations = new ArrayDeque<>();
    private final @Nullable SSLContext tls;
    private final Socket placeholder;
    private final int port;

    private @Nullable ServerSocket listener;
    private @Nullable Thread acceptor;

    ScriptedSmtpServer(Options options) {
        this.options = options;
        this.passwords = new ConcurrentHashMap<>(options.users());
        this.mailbox = new Mailbox(options.keepMails());
        this.tls = options.tls() == TlsMode.NONE ? null : TestCertificates.serverContext(options.certificate());
        this.placeholder = reserve(options.port());
        this.port = placeholder.getLocalPort();
        listen();
    }

    /** A well-behaved server without TLS and AUTH on a free port. */
    public static ScriptedSmtpServer start() {
        return with().start();
    }

    /** Begins the description of a server: {@code ScriptedSmtpServer.with().tls(TlsMode.STARTTLS).start()}. */
    public static Options with() {
        return new Options();
    }

    /** The address to connect to; certificates are valid for it and for {@code localhost}. */
    public String host() {
        return "127.0.0.1";
    }

    /** The port; it stays the same over {@link #stop()} and {@link #startAgain()}. */
    public int port() {
        return port;
    }

    /** How clients must secure their connections. */
    public TlsMode tlsMode() {
        return options.tls();
    }

    /** Begins a line of the script. */
    public Occasion on(Phase phase) {
        return new Occasion(script, phase, step -> true, Action.NORMAL);
    }

    /** Forgets the script: from now on every step is well-behaved. Connections, mails and counts stay. */
    public void reset() {
        script.clear();
    }

    /** From now on this is the user's password; who is logged in stays so. */
    public void changePassword(String user, String password) {
        if (passwords.replace(user, password) == null) {
            throw new IllegalArgumentException(
                    "There is no user \"" + user + "\"; name one of those given at the start");
        }
    }

    /** The mails that were answered 250, in that order. */
    public List<ReceivedMail> mails() {
        return mailbox.accepted();
    }

    /** How many mails were answered 250; also with {@link Options#keepMails(boolean) keepMails(false)}. */
    public int mailCount() {
        return mailbox.acceptedCount();
    }

    /** The X-Event-Id of each accepted mail, in the order of acceptance; a mail without one is left out. */
    public List<String> acceptedIds() {
        return mailbox.acceptedIds();
    }

    /** Mails that arrived up to the final dot and have got no answer: dropped, silent, or still held back. */
    public List<ReceivedMail> uncertain() {
        return mailbox.unanswered();
    }

    /** Mails that arrived up to the final dot and were answered with a refusal. */
    public List<ReceivedMail> refused() {
        return mailbox.refused();
    }

    /** Calls the listener after each acceptance, on the connection's thread; also with {@code keepMails(false)}. */
    public void onMail(Consumer<ReceivedMail> listener) {
        mailbox.listen(listener);
    }

    /**
     * Waits until so many mails have been accepted since the start or {@link #forgetMails()}.
     *
     * @return all of them, possibly more than {@code n}
     * @throws AssertionError when they have not come in time; the message says what has come
     */
    public List<ReceivedMail> awaitMails(int n, Duration atMost) {
        awaitMailCount(n, atMost);
        return mails();
    }

    /** {@link #awaitMails} for servers that don't keep mails. */
    public void awaitMailCount(int n, Duration atMost) {
        if (!mailbox.awaitCount(n, atMost)) {
            throw new AssertionError("Expected " + n + " mails within " + atMost + " at " + this + "; there are "
                    + mailbox.summary() + "\n" + newestTranscript());
        }
    }

    /** Forgets the mails and ids, so that a test can begin anew; counts of commands and connections stay. */
    public void forgetMails() {
        mailbox.clear();
    }

    /**
     * How often clients got to this phase: commands in the right order, scripted or not, {@link Phase#DATA_END} final
     * dots, {@link Phase#CONNECT} connections.
     */
    public int count(Phase phase) {
        LongAdder count = counts.get(phase);
        return count == null ? 0 : count.intValue();
    }

    /** How many connections were opened in all. */
    public int connections() {
        return connections.get();
    }

    /** How many connections are open now. */
    public int openConnections() {
        return open.get();
    }

    /** How many connections were open at the same time at most. */
    public int mostOpenConnections() {
        return mostOpen.get();
    }

    /** What was said, per connection in the order of their opening; the newest {@value #CONVERSATIONS_KEPT}. */
    public List<Conversation> conversations() {
        synchronized (conversations) {
            return List.copyOf(conversations);
        }
    }

    /** What was said on one connection, counted from 1. */
    public Conversation conversation(int connection) {
        return conversations().stream()
                .filter(one -> one.connection() == connection)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "There is no conversation " + connection + "; there were " + connections() + " connections"));
    }

    /** Everything that was said, for printing: without credentials and mails. */
    public String transcript() {
        return conversations().stream().map(Conversation::toString).collect(Collectors.joining("\n"));
    }

    /** Closes all connections that wait for a command with no mail under way, as relays do with idle clients. */
    public void dropIdleConnections() {
        sessions.stream().filter(Session::isIdle).forEach(session -> session.drop("dropped while idle"));
    }

    /** Closes all connections, whatever they do. */
    public void dropConnections() {
        sessions.forEach(session -> session.drop("dropped by the test"));
    }

    /**
     * Stops like a killed process: all connections end, new ones are refused. The port stays reserved for
     * {@link #startAgain()}.
     */
    public synchronized void stop() {
        closeListener();
        dropConnections();
    }

    /** Listens again on the same port after {@link #stop()}; script, mails and counts are as before. */
    public synchronized void startAgain() {
        if (listener != null) {
            throw new IllegalStateException("The server is running; call stop() before startAgain()");
        }
        listen();
    }

    @Override
    public synchronized void close() {
        closeListener();
        release();
        dropConnections();
    }

    @Override
    public String toString() {
        return "SMTP server " + host() + ":" + port;
    }

    Mailbox mailbox() {
        return mailbox;
    }

    SSLContext tlsContext() {
        if (tls == null) {
            throw new IllegalStateException("The server was started without TLS");
        }
        return tls;
    }

    @Nullable
    String passwordOf(String user) {
        return passwords.get(user);
    }

    Action actionAt(Step step) {
        counts.computeIfAbsent(step.phase(), phase -> new LongAdder()).increment();
        return script.actionFor(step);
    }

    void ended(Session session) {
        if (sessions.remove(session)) {
            open.decrementAndGet();
        }
    }

    private String newestTranscript() {
        List<Conversation> all = conversations();
        return all.subList(Math.max(0, all.size() - 3), all.size()).stream()
                .map(Conversation::toString)
                .collect(Collectors.joining("\n"));
    }

    private void listen() {
        try {
            ServerSocket socket = new ServerSocket();
            try {
                socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
                socket.bind(loopback(port), BACKLOG);
            } catch (IOException e) {
                socket.close();
                throw e;
            }
            listener = socket;
            Thread thread = new Thread(() -> accept(socket), "smtp-" + port + "-accept");
            thread.setDaemon(true);
            thread.start();
            acceptor = thread;
        } catch (IOException e) {
            throw new UncheckedIOException("The SMTP server can't listen on its port " + port, e);
        }
    }

    private void accept(ServerSocket socket) {
        while (!socket.isClosed()) {
            try {
                begin(socket, socket.accept());
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException("The SMTP server on port " + port + " can't accept connections", e);
                }
            }
        }
    }

    private void begin(ServerSocket acceptedBy, Socket client) throws IOException {
        if (acceptedBy.isClosed()) {
            client.close();
            return;
        }
        client.setTcpNoDelay(true);
        int number = connections.incrementAndGet();
        Session session = new Session(this, options, client, number);
        synchronized (conversations) {
            conversations.add(session.conversation());
            if (conversations.size() > CONVERSATIONS_KEPT) {
                conversations.remove();
            }
        }
        sessions.add(session);
        mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
        Thread thread = new Thread(session, "smtp-" + port + "-" + number);
        thread.setDaemon(true);
        thread.start();
    }

    /** The kernel goes on listening until the acceptor has come back from its call, so this waits for it. */
    private void closeListener() {
        ServerSocket socket = listener;
        Thread thread = acceptor;
        listener = null;
        acceptor = null;
        if (socket == null || thread == null) {
            return;
        }
        try {
            socket.close();
            thread.join();
        } catch (IOException e) {
            throw new UncheckedIOException("The SMTP server on port " + port + " can't be stopped", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A bound socket that never listens: while the server is stopped, connections are refused and nobody else is given
     * the port. It is there from the first moment to the last, since what is let go even for a moment may be given to
     * any connection that somebody else makes. It shares its port only with those that ask for sharing, our listener.
     */
    private static Socket reserve(int wanted) {
        Socket socket = new Socket();
        try {
            socket.setReuseAddress(true);
            socket.bind(loopback(wanted));
            socket.setReuseAddress(false);
            socket.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Port " + wanted + " on 127.0.0.1 is not free for the SMTP server; name another or 0 for any", e);
        }
    }

    private void release() {
        try {
            placeholder.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Port " + port + " can't be released", e);
        }
    }

    private static InetSocketAddress loopback(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }
}
