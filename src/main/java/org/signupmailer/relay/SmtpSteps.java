package org.signupmailer.relay;

import java.io.IOException;
import java.net.Socket;
import java.nio.channels.SocketChannel;
import java.util.Map;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * The conversation that mails travel over, one step at a time: for who wants to see how far it comes. What works here
 * works for mails, since it is the same code. Each step has the time-outs of the relay's settings and fails with the
 * phase and the reply. Not thread-safe, but {@link #abort()} may come from anywhere.
 */
public final class SmtpSteps implements AutoCloseable {

    private final SmtpConnection connection;
    private final Relay relay;
    private final TlsSockets tls;

    private SmtpSteps(SmtpConnection connection, Relay relay, TlsSockets tls) {
        this.connection = connection;
        this.relay = relay;
        this.tls = tls;
    }

    /** A socket with a channel, not connected yet. */
    public static Socket socket() throws IOException {
        return SocketChannel.open().socket();
    }

    /**
     * Takes over a connected socket that has a channel; nothing is said yet.
     *
     * @param port the one that the socket is connected to, with the TLS mode to speak
     */
    public static SmtpSteps over(Socket connected, Relay relay, PortChoice port, TlsSockets tls) {
        return new SmtpSteps(SmtpConnection.over(connected, relay, port), relay, tls);
    }

    /** TLS from the first byte; for {@link TlsMode#IMPLICIT}, before the greeting. */
    public void secure() throws SmtpFailure {
        connection.secure(tls);
    }

    /** The relay's first words. */
    public SmtpReply greeting() throws SmtpFailure {
        return connection.greet();
    }

    /**
     * EHLO.
     *
     * @return the keywords offered, in upper case, with their parameters
     */
    public Map<String, String> hello() throws SmtpFailure {
        connection.hello();
        return Map.copyOf(connection.extensions());
    }

    /** STARTTLS and the handshake; {@link #hello()} has to follow. */
    public void startTls() throws SmtpFailure {
        connection.startTls(tls);
    }

    /** Logs in with the relay's user; does nothing if it has none. Later steps have the time-out of mails. */
    public void logIn() throws SmtpFailure {
        connection.logIn();
        connection.opened();
    }

    /** MAIL FROM with the relay's sender. */
    public SmtpReply sender() throws SmtpFailure {
        return connection.sender(SenderAddress.onTheWire(relay.from()));
    }

    /**
     * RCPT TO.
     *
     * @throws IllegalArgumentException if the address can't stand in a command
     */
    public SmtpReply recipient(String address) throws SmtpFailure {
        return connection.recipient(address);
    }

    /** RSET: the relay forgets sender and recipient, and no mail is sent. */
    public void reset() {
        connection.reset();
    }

    /**
     * Sends a whole mail from the relay's sender.
     *
     * @return the relay's answer to the final dot
     */
    public SmtpReply send(OutgoingMail mail) throws SmtpFailure {
        String from = SenderAddress.onTheWire(relay.from());
        return connection.send(from, RelaySender.fromLine(from, relay.fromName()), mail);
    }

    /** What TLS agreed on; null before it. */
    public @Nullable SSLSession session() {
        return connection.session();
    }

    /** Ends it at once, from any thread: the step under way fails. */
    public void abort() {
        connection.abort();
    }

    /** Says goodbye, which takes at most a fifth of a second. */
    @Override
    public void close() {
        connection.close();
    }
}
