package org.signupmailer.doctor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A DNS server on 127.0.0.1 (RFC 1035) that knows the records it was given, and nothing else. */
final class FakeResolver implements AutoCloseable {

    private static final int NO_ERROR = 0;
    private static final int SERVFAIL = 2;
    private static final int NXDOMAIN = 3;

    private final DatagramSocket socket;
    private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private volatile boolean ill;
    private volatile boolean dark;

    private FakeResolver() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        Thread thread = new Thread(this::serve, "fake-resolver");
        thread.setDaemon(true);
        thread.start();
    }

    static FakeResolver start() {
        try {
            return new FakeResolver();
        } catch (IOException e) {
            throw new UncheckedIOException("There is no port for a resolver", e);
        }
    }

    Dns dns() {
        return Dns.at(address());
    }

    String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    FakeResolver txt(String name, String... texts) {
        List<byte[]> all = List.of(texts).stream()
                .map(text -> {
                    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
                    ByteArrayOutputStream data = new ByteArrayOutputStream();
                    data.write(bytes.length);
                    data.writeBytes(bytes);
                    return data.toByteArray();
                })
                .toList();
        records.put(key(name, 16), all);
        names.add(name);
        return this;
    }

    FakeResolver mx(String name, String host) {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        data.writeBytes(new byte[] {0, 10});
        data.writeBytes(labels(host));
        records.put(key(name, 15), List.of(data.toByteArray()));
        names.add(name);
        return this;
    }

    /** The name exists, whatever is asked about it. */
    FakeResolver exists(String name) {
        names.add(name);
        return this;
    }

    /** From now on it can't tell. */
    FakeResolver fallIll() {
        ill = true;
        return this;
    }

    /** From now on it answers nothing. */
    FakeResolver goDark() {
        dark = true;
        return this;
    }

    private static String key(String name, int type) {
        return name.toLowerCase(Locale.ROOT) + "/" + type;
    }

    private void serve() {
        byte[] buffer = new byte[1500];
        while (!socket.isClosed()) {
            DatagramPacket question = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(question);
                if (dark) {
                    continue;
                }
                byte[] answer = answer(buffer, question.getLength());
                socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private byte[] answer(byte[] question, int length) {
        StringBuilder name = new StringBuilder();
        int at = 12;
        while (question[at] != 0) {
            name.append(name.length() == 0 ? "" : ".")
                    .append(new String(question, at + 1, question[at], StandardCharsets.US_ASCII));
            at += question[at] + 1;
        }
        int type = (question[at + 1] & 0xff) << 8 | (question[at + 2] & 0xff);
        String asked = name.toString().toLowerCase(Locale.ROOT);
        List<byte[]> found = records.getOrDefault(key(asked, type), List.of());
        int code = ill ? SERVFAIL : names.contains(asked) ? NO_ERROR : NXDOMAIN;

        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(new byte[] {question[0], question[1], (byte) 0x81, (byte) (0x80 | code), 0, 1});
        answer.writeBytes(new byte[] {0, (byte) (ill ? 0 : found.size()), 0, 0, 0, 0});
        answer.write(question, 12, Math.min(at + 5, length) - 12);
        for (byte[] data : ill ? List.<byte[]>of() : found) {
            answer.writeBytes(new byte[] {(byte) 0xc0, 12, 0, (byte) type, 0, 1, 0, 0, 0, 60});
            answer.write(data.length >> 8);
            answer.write(data.length);
            answer.writeBytes(data);
        }
        return answer.toByteArray();
    }

    private static byte[] labels(String name) {
        ByteArrayOutputStream labels = new ByteArrayOutputStream();
        for (String label : name.split("\\.", -1)) {
            labels.write(label.length());
            labels.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        labels.write(0);
        return labels.toByteArray();
    }

    @Override
    public void close() {
        socket.close();
    }
}
