package org.signupmailer.testing.smtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A port on 127.0.0.1 that answers nothing, as behind a firewall that drops packets: its queue of connections is full
 * and nobody takes one out, so the kernel drops what comes.
 */
public final class SilentPort implements AutoCloseable {

    private static final int MORE_THAN_ANY_QUEUE_OF_ONE = 64;
    private static final int LOOPBACK_TAKES_AT_MOST_MILLIS = 250;

    private final ServerSocket listener;
    private final List<Socket> waiting = new ArrayList<>();

    private SilentPort() throws IOException {
        listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        fill();
    }

    /** A new one on a free port. */
    public static SilentPort open() {
        try {
            return new SilentPort();
        } catch (IOException e) {
            throw new UncheckedIOException("There is no port to be silent on", e);
        }
    }

    private void fill() throws IOException {
        for (int i = 0; i < MORE_THAN_ANY_QUEUE_OF_ONE; i++) {
            Socket socket = new Socket();
            waiting.add(socket);
            try {
                socket.connect(listener.getLocalSocketAddress(), LOOPBACK_TAKES_AT_MOST_MILLIS);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
        throw new IOException("this kernel takes connections beyond the queue of a port");
    }

    public int number() {
        return listener.getLocalPort();
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : waiting) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A silent port can't be closed", e);
        }
    }
}
