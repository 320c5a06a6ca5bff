package org.signupmailer.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.signupmailer.testing.smtp.TestCertificates;

@Timeout(60)
class TlsWireTest {

    private static final int MUCH = 700_000;

    private final long seed = System.nanoTime();
    private final Random random = new Random(seed);

    TlsWireTest() {
        System.out.println("TlsWireTest seed " + seed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void whatIsWrittenComesBackInOrderThoughTheChannelWaitsForNothingAndKeysChange(String protocol) throws Exception {
        byte[] words = new byte[MUCH];
        random.nextBytes(words);
        try (SSLServerSocket server = server(protocol);
                SocketChannel channel = connected(server)) {
            CompletableFuture<Void> echo = started(() -> echo(server));
            TlsWire wire = new TlsSockets(TestCertificates.clientContext())
                    .handshake(channel, "localhost", server.getLocalPort());
            assertThat(wire.session().getProtocol()).isEqualTo(protocol);
            channel.configureBlocking(false);
            ByteBuffer out = ByteBuffer.wrap(words);
            boolean left = false;
            ByteArrayOutputStream back = new ByteArrayOutputStream();
            while (back.size() < MUCH) {
                if (!left) {
                    out.limit(Math.min(MUCH, Math.max(out.limit(), out.position() + random.nextInt(40_000))));
                    left = wire.write(out) && out.position() == MUCH;
                    out.limit(MUCH);
                }
                ByteBuffer in = ByteBuffer.allocate(1 + random.nextInt(5000));
                assertThat(wire.read(in)).isNotNegative();
                back.write(in.array(), 0, in.position());
            }

            assertThat(back.toByteArray()).isEqualTo(words);
            assertThat(left).isTrue();
            wire.sayGoodbye();
            channel.shutdownOutput();
            echo.join();
            channel.configureBlocking(true);
            assertThat(wire.read(ByteBuffer.allocate(10))).isNegative();
        }
    }

    @Test
    void aServerThatHangsUpInTheHandshakeIsToldAsThat() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                SocketChannel channel = connected(server)) {
            CompletableFuture<Void> closing = started(() -> {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read();
                }
            });

            assertThatThrownBy(() -> new TlsSockets(TestCertificates.clientContext())
                            .handshake(channel, "localhost", server.getLocalPort()))
                    .isInstanceOf(IOException.class);
            closing.join();
        }
    }

    private static SSLServerSocket server(String protocol) throws IOException {
        SSLServerSocket server = (SSLServerSocket) TestCertificates.serverContext(TestCertificates.Kind.VALID)
                .getServerSocketFactory()
                .createServerSocket(0, 1, InetAddress.getLoopbackAddress());
        server.setEnabledProtocols(new String[] {protocol});
        return server;
    }

    private static SocketChannel connected(ServerSocket server) throws IOException {
        return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()));
    }

    // Changes its keys now and then, which the other side has to answer in TLS 1.3, in the middle of what it says.
    private static void echo(SSLServerSocket server) throws IOException {
        try (SSLSocket socket = (SSLSocket) server.accept()) {
            byte[] some = new byte[9000];
            int count = 0;
            for (int read = socket.getInputStream().read(some); read >= 0; ) {
                socket.getOutputStream().write(some, 0, read);
                if (++count % 10 == 0 && socket.getSession().getProtocol().equals("TLSv1.3")) {
                    socket.startHandshake();
                }
                read = socket.getInputStream().read(some);
            }
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static CompletableFuture<Void> started(Task task) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                },
                run -> new Thread(run).start());
    }
}
