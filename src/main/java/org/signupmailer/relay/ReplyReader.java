package org.signupmailer.relay;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Reads a server's replies (RFC 5321, 4.2), from whatever has come of them. Only the beginning of a long reply is kept.
 */
final class ReplyReader {

    private static final int KEPT_CHARS = 4096;
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private final byte[] buffer = new byte[4096];
    private int position;
    private int limit;
    // The reply that is coming.
    private final StringBuilder reply = new StringBuilder(64);
    private int bytes;
    private int lineStart;
    private int lineBytes;
    private int fourth = ' ';

    /** Whether bytes are there that no command asked for; behind a STARTTLS they would be an injection. */
    boolean hasUnread() {
        return position < limit;
    }

    /**
     * The next reply, its lines joined with line feeds.
     *
     * @return null if it has not come in full yet
     * @throws IOException when what came is not an SMTP reply
     */
    @Nullable
    String next() throws IOException {
        while (position < limit) {
            if (take(buffer[position++] & 0xff)) {
                String whole = text(reply);
                reply.setLength(0);
                bytes = 0;
                lineStart = 0;
                return whole;
            }
        }
        return null;
    }

    // Whether the reply is complete.
    private boolean take(int b) throws IOException {
        if (++bytes > MOST_BYTES) {
            throw new IOException("the reply is longer than " + MOST_BYTES + " bytes");
        }
        if (b == '\n') {
            return endOfLine();
        }
        if (lineBytes < 3 && (b < '0' || b > '9')) {
            throw new IOException("what came is not an SMTP reply");
        }
        if (lineBytes == 3) {
            fourth = b;
        }
        lineBytes++;
        if (b != '\r' && reply.length() < KEPT_CHARS) {
            reply.append((char) b);
        }
        return false;
    }

    private boolean endOfLine() throws IOException {
        if (lineBytes < 3) {
            throw new IOException("what came is not an SMTP reply");
        }
        boolean last = fourth != '-';
        if (!last && reply.length() > lineStart && reply.length() < KEPT_CHARS) {
            reply.append('\n');
        }
        lineStart = reply.length();
        lineBytes = 0;
        fourth = ' ';
        return last;
    }

    /**
     * Waits for the next reply. The whole reply has one deadline, so that a server that answers a byte a second can't
     * hold a mail for ever.
     *
     * <p>A server that says nothing at all is a {@link Watchdog}'s matter: reads have no time-out of their own, since Java
     * makes three system calls of a read that has one, and one of a read that has none.
     *
     * @throws SocketTimeoutException when the reply was not complete in time
     * @throws EOFException when the server closed the connection first
     * @throws IOException when what came is not an SMTP reply, or the connection broke
     */
    String await(Wire wire, Duration within) throws IOException {
        long deadline = System.nanoTime() + within.toNanos();
        String whole = next();
        while (whole == null) {
            if (deadline - System.nanoTime() <= 0) {
                throw new SocketTimeoutException("no complete reply in time");
            }
            fill(wire);
            whole = next();
        }
        return whole;
    }

    /**
     * Takes what has come; waits where the wire does.
     *
     * @return whether anything had come
     * @throws EOFException when the server closed the connection
     * @throws IOException when more has come than anybody asked for, or the connection broke
     */
    boolean fill(Wire wire) throws IOException {
        if (position > 0) {
            System.arraycopy(buffer, position, buffer, 0, limit - position);
            limit -= position;
            position = 0;
        }
        if (limit == buffer.length) {
            throw new IOException("the server talks without being asked");
        }
        int count = wire.read(ByteBuffer.wrap(buffer, limit, buffer.length - limit));
        if (count < 0) {
            throw new EOFException("the server closed the connection");
        }
        limit += count;
        return count > 0;
    }

    /** Throws away what has come and was not asked for. */
    void discard() {
        position = limit;
    }

    // Replies are ASCII (RFC 5321) or UTF-8 (RFC 6531); what is neither becomes replacement characters.
    private static String text(StringBuilder latin1) {
        String text = latin1.toString();
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 127) {
                return new String(text.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            }
        }
        return text;
    }
}
