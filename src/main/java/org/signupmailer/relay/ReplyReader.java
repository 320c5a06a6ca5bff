package org.signupmailer.relay;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Reads a server's replies (RFC 5321, 4.2). The whole reply has one deadline, so that a server that answers a byte a
 * second can't hold a mail for ever; and only the beginning of a long reply is kept.
 *
 * <p>A server that says nothing at all is a {@link Watchdog}'s matter: reads have no time-out of their own, since Java
 * makes three system calls of a read that has one, and one of a read that has none.
 */
final class ReplyReader {

    private static final int KEPT_CHARS = 4096;
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private final InputStream in;
    private final byte[] buffer = new byte[4096];
    private int position;
    private int limit;

    ReplyReader(Socket socket) throws IOException {
        this.in = socket.getInputStream();
    }

    /** Whether bytes are there that no command asked for; behind a STARTTLS they would be an injection. */
    boolean hasUnread() throws IOException {
        return position < limit || in.available() > 0;
    }

    /**
     * The next reply, its lines joined with line feeds.
     *
     * @throws SocketTimeoutException when the reply was not complete in time
     * @throws EOFException when the server closed the connection first
     * @throws IOException when what came is not an SMTP reply, or the connection broke
     */
    String read(Duration within) throws IOException {
        long deadline = System.nanoTime() + within.toNanos();
        StringBuilder reply = new StringBuilder(64);
        int bytes = 0;
        while (true) {
            int lineStart = reply.length();
            int lineBytes = 0;
            int fourth = ' ';
            while (true) {
                int b = next(deadline);
                if (++bytes > MOST_BYTES) {
                    throw new IOException("the reply is longer than " + MOST_BYTES + " bytes");
                }
                if (b == '\n') {
                    break;
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
            }
            if (lineBytes < 3) {
                throw new IOException("what came is not an SMTP reply");
            }
            if (fourth != '-') {
                return text(reply);
            }
            if (reply.length() > lineStart && reply.length() < KEPT_CHARS) {
                reply.append('\n');
            }
        }
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

    private int next(long deadline) throws IOException {
        if (position == limit) {
            if (deadline - System.nanoTime() <= 0) {
                throw new SocketTimeoutException("no complete reply in time");
            }
            int read = in.read(buffer, 0, buffer.length);
            if (read < 0) {
                throw new EOFException("the server closed the connection");
            }
            position = 0;
            limit = read;
        }
        return buffer[position++] & 0xff;
    }
}
