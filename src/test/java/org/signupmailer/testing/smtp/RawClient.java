package org.signupmailer.testing.smtp;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import javax.net.ssl.SSLSocket;

/** Speaks SMTP byte by byte, so that tests can break the rules. Reading has a limit of ten seconds. */
final class RawClient implements AutoCloseable {

    private Socket socket;
    private InputStream in;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
    }

    /** Connects and reads nothing. */
    static RawClient connect(ScriptedSmtpServer smtp) throws IOException {
        return new RawClient(new Socket(smtp.host(), smtp.port()));
    }

    /** Connects, reads the greeting and says EHLO. */
    static RawClient greet(ScriptedSmtpServer smtp) throws IOException {
        RawClient client = connect(smtp);
        client.reply();
        client.ask("EHLO client.test");
        return client;
    }

    /** Sends a command and reads its reply. */
    String ask(String command) throws IOException {
        send(command + "\r\n");
        return reply();
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** One reply, all its lines, without the last line end; empty when the server has closed the connection. */
    String reply() throws IOException {
        StringBuilder reply = new StringBuilder();
        String line;
        do {
            line = line();
            reply.append(reply.isEmpty() ? "" : "\n").append(line);
        } while (line.length() > 3 && line.charAt(3) == '-');
        return reply.toString();
    }

    /** Everything up to the end of the connection. */
    byte[] rest() throws IOException {
        return in.readAllBytes();
    }

    byte[] read(int bytes) throws IOException {
        return in.readNBytes(bytes);
    }

    void startTls() throws IOException {
        SSLSocket secured = (SSLSocket) TestCertificates.clientContext()
                .getSocketFactory()
                .createSocket(socket, "localhost", socket.getPort(), true);
        secured.startHandshake();
        socket = secured;
        in = new BufferedInputStream(secured.getInputStream());
    }

    void readTimeout(Duration limit) throws IOException {
        socket.setSoTimeout((int) limit.toMillis());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int b = in.read();
        while (b >= 0 && b != '\n') {
            if (b != '\r') {
                line.write(b);
            }
            b = in.read();
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
