package org.signupmailer.testing.smtp;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * The bytes of one connection: lines in, replies out, and the ways to end it. Output is collected until the input is
 * used up, which is what PIPELINING (RFC 2920, 3.2) asks of a server.
 */
final class Wire {

    private static final int BUFFER = 16 * 1024;
    private static final int LONGEST_LINE = 64 * 1024;
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final Socket plain;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final byte[] buffer = new byte[BUFFER];
    private int position;
    private int limit;
    private volatile Socket current;
    private InputStream in;
    private OutputStream out;

    Wire(Socket socket) throws IOException {
        plain = socket;
        current = socket;
        in = socket.getInputStream();
        out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
    }

    boolean isSecured() {
        return current instanceof SSLSocket;
    }

    /** What the client sent ahead is thrown away, or it could smuggle commands into the secured part. */
    void secure(SSLContext context) throws IOException {
        out.flush();
        position = limit;
        SSLSocket secured = (SSLSocket) context.getSocketFactory()
                .createSocket(plain, plain.getInetAddress().getHostAddress(), plain.getPort(), true);
        secured.setUseClientMode(false);
        secured.startHandshake();
        in = secured.getInputStream();
        out = new BufferedOutputStream(secured.getOutputStream(), BUFFER);
        current = secured;
    }

    /** A command line without its end; an end that is not CRLF stays on it, so that the session can refuse the line. */
    String readLine() throws IOException {
        GrowingBytes line = new GrowingBytes();
        while (true) {
            fillIfEmpty();
            int start = position;
            while (position < limit && buffer[position] != '\n') {
                position++;
            }
            if (position < limit) {
                position++;
                line.write(buffer, start, position - start);
                int length = line.endsWithCrLf() ? line.size() - 2 : line.size();
                return line.text(length);
            }
            line.write(buffer, start, position - start);
            if (line.size() > LONGEST_LINE) {
                throw new HungUp("client sent a command line of more than " + LONGEST_LINE + " bytes");
            }
        }
    }

    /**
     * The mail up to the final dot, dots unstuffed (RFC 5321, 4.5.2). Only CRLF ends a line, so a dot between bare line
     * feeds does not end the mail.
     *
     * @param stopAfter how many bytes to take before {@link HungUp} is thrown, also at the final dot
     */
    byte[] readMail(long stopAfter) throws IOException {
        GrowingBytes mail = new GrowingBytes();
        boolean lineStart = true;
        while (true) {
            if (mail.size() >= stopAfter) {
                throw new HungUp("stopped reading the mail after " + mail.size() + " bytes");
            }
            fillIfEmpty();
            if (lineStart && buffer[position] == '.') {
                position++;
                lineStart = false;
                fillIfEmpty();
                if (buffer[position] == '\r') {
                    position++;
                    fillIfEmpty();
                    if (buffer[position] == '\n') {
                        position++;
                        if (stopAfter != Long.MAX_VALUE) {
                            throw new HungUp("stopped reading the mail at its end, " + mail.size() + " bytes");
                        }
                        return mail.toByteArray();
                    }
                    mail.write('\r');
                }
                continue;
            }
            int start = position;
            int stop = start + (int) Math.min(limit - start, stopAfter - mail.size());
            while (position < stop && buffer[position] != '\n') {
                position++;
            }
            boolean lineFeed = position < stop;
            if (lineFeed) {
                position++;
            }
            mail.write(buffer, start, position - start);
            lineStart = lineFeed && mail.endsWithCrLf();
        }
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
    }

    void flush() throws IOException {
        out.flush();
    }

    /** True when the time is over, false when the connection was closed meanwhile. */
    boolean pause(Duration duration) throws IOException {
        try {
            return !closed.await(duration.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HungUp("interrupted");
        }
    }

    void readOnUntilTheClientLeaves() throws IOException {
        position = limit;
        while (in.read(buffer) >= 0) {
            // A silent server takes in everything and says nothing.
        }
    }

    void idleLimit(Duration limitOrZero) throws IOException {
        plain.setSoTimeout((int) limitOrZero.toMillis());
    }

    /** Lets the client read the last reply before the connection ends: closing over unread input would reset it. */
    void close() throws IOException {
        try {
            out.flush();
            current.shutdownOutput();
            plain.setSoTimeout((int) FAREWELL.toMillis());
            readOnUntilTheClientLeaves();
        } catch (SocketTimeoutException e) {
            // The client keeps the connection open although it was told; it is closed over its head.
        } finally {
            drop();
        }
    }

    /** Ends the connection at once; with TLS without a farewell, as a crashed server does. */
    void drop() {
        closed.countDown();
        try {
            plain.close();
        } catch (IOException e) {
            throw new IllegalStateException("A socket of the test server can't be closed", e);
        }
    }

    void reset() throws IOException {
        plain.setSoLinger(true, 0);
        drop();
    }

    private void fillIfEmpty() throws IOException {
        if (position < limit) {
            return;
        }
        out.flush();
        int read = in.read(buffer);
        if (read < 0) {
            throw new HungUp("client closed the connection");
        }
        position = 0;
        limit = read;
    }

    private static final class GrowingBytes extends java.io.ByteArrayOutputStream {

        GrowingBytes() {
            super(512);
        }

        boolean endsWithCrLf() {
            return count >= 2 && buf[count - 1] == '\n' && buf[count - 2] == '\r';
        }

        String text(int length) {
            return new String(buf, 0, length, StandardCharsets.UTF_8);
        }
    }
}
