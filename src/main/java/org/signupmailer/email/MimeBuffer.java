package org.signupmailer.email;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes of a mail that is being written; grows as needed. One per thread, used again for each mail, since a mail's bytes
 * are, after its text, its largest object.
 */
final class MimeBuffer {

    private static final int USUAL = 32 * 1024;
    private static final int KEPT = 128 * 1024;
    private static final ThreadLocal<MimeBuffer> OF_THREAD = ThreadLocal.withInitial(() -> new MimeBuffer(USUAL));

    private byte[] bytes;
    private int length;

    private MimeBuffer(int capacity) {
        this.bytes = new byte[capacity];
    }

    /** Empty, and this thread's own until it is asked for the next time. */
    static MimeBuffer empty() {
        MimeBuffer buffer = OF_THREAD.get();
        buffer.length = 0;
        if (buffer.bytes.length > KEPT) {
            buffer.bytes = new byte[USUAL];
        }
        return buffer;
    }

    /**
     * The array to write into, from {@link #length()} on, with room for so many bytes more; {@link #wrote} must follow.
     */
    byte[] room(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
        }
        return bytes;
    }

    int length() {
        return length;
    }

    /** What was written into {@link #room} ends here. */
    void wrote(int end) {
        length = end;
    }

    void append(byte[] source) {
        append(source, 0, source.length);
    }

    void append(byte[] source, int from, int to) {
        System.arraycopy(source, from, room(to - from), length, to - from);
        length += to - from;
    }

    void endLine() {
        byte[] to = room(2);
        to[length++] = '\r';
        to[length++] = '\n';
    }

    void append(String text) {
        append(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What was written from {@code from} on, which is taken away. */
    byte[] cut(int from) {
        byte[] end = Arrays.copyOfRange(bytes, from, length);
        length = from;
        return end;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }
}
