package org.signupmailer.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;

/** TLS over a channel. The handshake waits for the other side; what follows waits where the channel does. */
final class TlsWire implements Wire {

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SSLEngine engine;
    private final SocketChannel channel;
    // What has come and is not decrypted, what was decrypted and is not taken, what is encrypted and has not left: each
    // to
    // be read from its position on.
    private ByteBuffer come;
    private ByteBuffer clear;
    private ByteBuffer leaving;

    TlsWire(SSLEngine engine, SocketChannel channel) {
        this.engine = engine;
        this.channel = channel;
        SSLSession session = engine.getSession();
        this.come = ByteBuffer.allocate(session.getPacketBufferSize()).limit(0);
        this.clear = ByteBuffer.allocate(session.getApplicationBufferSize()).limit(0);
        this.leaving = ByteBuffer.allocate(session.getPacketBufferSize()).limit(0);
    }

    /**
     * Shakes hands; the channel waits.
     *
     * @throws IOException when that fails, or the certificate is not trusted or names another host
     */
    void handshake() throws IOException {
        try {
            engine.beginHandshake();
            for (HandshakeStatus next = engine.getHandshakeStatus(); ; next = engine.getHandshakeStatus()) {
                switch (next) {
                    case NEED_TASK -> runTasks();
                    case NEED_WRAP -> encrypt(NOTHING);
                    case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> {
                        if (decrypt() == Status.BUFFER_UNDERFLOW && !receive()) {
                            throw new SSLHandshakeException("Remote host terminated the handshake");
                        }
                    }
                    case FINISHED, NOT_HANDSHAKING -> {
                        return;
                    }
                    default -> throw new SSLException("unknown step of a handshake: " + next);
                }
            }
        } catch (SSLException e) {
            tellTheOther(e);
            throw e;
        }
    }

    // The other side learns why: an alert that Java has made ready.
    private void tellTheOther(SSLException why) {
        try {
            if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
                encrypt(NOTHING);
            }
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    SSLSession session() {
        return engine.getSession();
    }

    private void runTasks() {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    // True if something came; false if the other side has closed. Nothing may have come where the channel does not
    // wait.
    private boolean receive() throws IOException {
        come.compact();
        if (!come.hasRemaining()) {
            come = larger(come, engine.getSession().getPacketBufferSize());
        }
        int count = channel.read(come);
        come.flip();
        return count >= 0;
    }

    private Status decrypt() throws IOException {
        clear.compact();
        SSLEngineResult result = engine.unwrap(come, clear);
        if (result.getStatus() == Status.BUFFER_OVERFLOW) {
            clear = larger(clear, engine.getSession().getApplicationBufferSize());
        }
        clear.flip();
        return result.getStatus();
    }

    // For writing, with what it holds.
    private static ByteBuffer larger(ByteBuffer full, int more) {
        full.flip();
        return ByteBuffer.allocate(full.remaining() + more).put(full);
    }

    // Whether all has left.
    private boolean encrypt(ByteBuffer words) throws IOException {
        leaving.clear();
        SSLEngineResult result = engine.wrap(words, leaving);
        while (result.getStatus() == Status.BUFFER_OVERFLOW) {
            leaving =
                    ByteBuffer.allocate(leaving.capacity() + engine.getSession().getPacketBufferSize());
            result = engine.wrap(words, leaving);
        }
        leaving.flip();
        boolean left = leave();
        if (result.getStatus() == Status.CLOSED && words.hasRemaining()) {
            throw new SSLException("the TLS connection is closed");
        }
        return left;
    }

    private boolean leave() throws IOException {
        if (leaving.hasRemaining()) {
            channel.write(leaving);
        }
        return !leaving.hasRemaining();
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        while (!clear.hasRemaining()) {
            int before = come.remaining();
            switch (decrypt()) {
                case CLOSED -> {
                    return -1;
                }
                case BUFFER_UNDERFLOW -> {
                    int held = come.remaining();
                    if (!receive()) {
                        return -1;
                    }
                    if (come.remaining() == held) {
                        return 0;
                    }
                }
                case OK -> {
                    answerBehindTheScenes();
                    if (come.remaining() == before && !clear.hasRemaining()) {
                        return 0;
                    }
                }
                default -> {
                    // A larger buffer is there now.
                }
            }
        }
        int count = Math.min(clear.remaining(), into.remaining());
        into.put(clear.slice().limit(count));
        clear.position(clear.position() + count);
        return count;
    }

    // New keys (RFC 8446, 4.6.3) want an answer; a few bytes, and what does not leave now leaves before the next words.
    private void answerBehindTheScenes() throws IOException {
        HandshakeStatus next = engine.getHandshakeStatus();
        while (next == HandshakeStatus.NEED_TASK || (next == HandshakeStatus.NEED_WRAP && leave())) {
            if (next == HandshakeStatus.NEED_TASK) {
                runTasks();
            } else {
                encrypt(NOTHING);
            }
            next = engine.getHandshakeStatus();
        }
    }

    @Override
    public boolean write(ByteBuffer words) throws IOException {
        boolean left = leave();
        while (left && words.hasRemaining()) {
            int before = words.remaining();
            left = encrypt(words);
            if (words.remaining() == before) {
                throw new SSLException("TLS takes no words now");
            }
        }
        return left;
    }

    @Override
    public boolean holdsSome() {
        return clear.hasRemaining() || come.hasRemaining();
    }

    @Override
    public void sayGoodbye() throws IOException {
        if (leave()) {
            engine.closeOutbound();
            encrypt(NOTHING);
        }
    }
}
