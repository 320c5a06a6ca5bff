package org.signupmailer.email;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of a mail that is being written; grows as needed. For one thread. */
final class MimeBuffer {

    private byte[] bytes;
    private int length;

    MimeBuffer(int capacity) {
        this.bytes = new byte[Math.max(64, capacity)];
    }

    /** Makes room for so many bytes more; to be called before as many {@link #put}. */
    void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
    }

    /** One byte, for which room is reserved. */
    void put(int b) {
        bytes[length++] = (byte) b;
    }

    void append(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, bytes, length, to - from);
        length += to - from;
    }

    void append(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        append(utf8, 0, utf8.length);
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }
}
