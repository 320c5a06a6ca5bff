package org.signupmailer.email;

import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What a template writes. One per thread, used again for each mail: a mail's text is its largest object, and growing,
 * widening, encoding and copying it was half of what a mail allocated.
 */
final class TextBuffer extends Writer {

    private static final int USUAL = 16 * 1024;
    private static final int KEPT = 64 * 1024;
    private static final ThreadLocal<TextBuffer> OF_THREAD = ThreadLocal.withInitial(TextBuffer::new);

    /** So many characters are encoded by one call: as one loop over a whole text it would run uncompiled for long. */
    private static final int AT_A_TIME = 256;

    private static final int MOST_BYTES_OF_A_CHAR = 3;

    private final CharsetEncoder utf8 = StandardCharsets.UTF_8
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private char[] chars = new char[USUAL];
    private ByteBuffer bytes = ByteBuffer.allocate(USUAL);
    private int length;

    private TextBuffer() {}

    /** Empty, and this thread's own until it is asked for the next time. */
    static TextBuffer empty() {
        TextBuffer output = OF_THREAD.get();
        output.length = 0;
        if (output.chars.length > KEPT || output.bytes.capacity() > KEPT) {
            output.chars = new char[USUAL];
            output.bytes = ByteBuffer.allocate(USUAL);
        }
        return output;
    }

    @Override
    public void write(int c) {
        reserve(1);
        chars[length++] = (char) c;
    }

    @Override
    public void write(char[] source, int from, int count) {
        reserve(count);
        System.arraycopy(source, from, chars, length, count);
        length += count;
    }

    @Override
    public void write(String text, int from, int count) {
        reserve(count);
        text.getChars(from, from + count, chars, length);
        length += count;
    }

    private void reserve(int more) {
        if (chars.length - length < more) {
            chars = Arrays.copyOf(chars, Math.max(2 * chars.length, length + more));
        }
    }

    /** All of it. */
    @Override
    public String toString() {
        return new String(chars, 0, length);
    }

    /** As {@link #trimmed}, and lets authors of text templates use directives and blank lines freely. */
    byte[] asText() {
        int end = 0;
        int breaks = 0;
        for (int i = 0; i < length; i++) {
            char c = chars[i];
            if (c == '\n') {
                // Blanks at the end of the line go; of more than one empty line one stays.
                while (end > 0 && isBlank(chars[end - 1])) {
                    end--;
                }
                breaks = end > 0 && chars[end - 1] != '\n' ? 0 : breaks;
                if (++breaks <= 2) {
                    chars[end++] = '\n';
                }
            } else {
                chars[end++] = c;
            }
        }
        length = end;
        return trimmed();
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r';
    }

    /** Without white space around it, and with one line end; in UTF-8. */
    byte[] trimmed() {
        int from = 0;
        int to = length;
        while (from < to && Character.isWhitespace(chars[from])) {
            from++;
        }
        while (from < to && Character.isWhitespace(chars[to - 1])) {
            to--;
        }
        length = to;
        write('\n');
        return encoded(from);
    }

    private byte[] encoded(int from) {
        CharBuffer in = CharBuffer.wrap(chars, 0, length).position(from);
        bytes.clear();
        utf8.reset();
        while (in.position() < length) {
            in.limit(Math.min(length, in.position() + AT_A_TIME));
            if (bytes.remaining() < AT_A_TIME * MOST_BYTES_OF_A_CHAR) {
                bytes = ByteBuffer.allocate(2 * bytes.capacity()).put(bytes.flip());
            }
            // The first half of a pair at the end of this piece stays for the next one.
            CoderResult result = utf8.encode(in, bytes, in.limit() == length);
            if (!result.isUnderflow()) {
                throw new IllegalStateException("UTF-8 takes every character, but: " + result);
            }
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    @Override
    public void flush() {
        // It is in memory.
    }

    @Override
    public void close() {
        // It goes on with the next mail.
    }
}
