package org.signupmailer.email;

import java.io.Writer;
import java.util.Arrays;

/**
 * What a template writes. One per thread, used again for each mail: a mail's text is its largest object, and growing,
 * widening and copying it was half of what a mail allocated.
 */
final class TextBuffer extends Writer {

    private static final int USUAL = 16 * 1024;
    private static final int KEPT = 64 * 1024;
    private static final ThreadLocal<TextBuffer> OF_THREAD = ThreadLocal.withInitial(TextBuffer::new);

    private char[] chars = new char[USUAL];
    private int length;

    private TextBuffer() {}

    /** Empty, and this thread's own until it is asked for the next time. */
    static TextBuffer empty() {
        TextBuffer output = OF_THREAD.get();
        output.length = 0;
        if (output.chars.length > KEPT) {
            output.chars = new char[USUAL];
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
    String asText() {
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

    /** Without white space around it, and with one line end. */
    String trimmed() {
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
        return new String(chars, from, length - from);
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
