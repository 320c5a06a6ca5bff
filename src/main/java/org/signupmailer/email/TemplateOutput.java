package org.signupmailer.email;

import java.io.Writer;
import java.util.Arrays;

/**
 * What a template writes. One per thread, used again for each mail: a mail's text is its largest object, and growing,
 * widening and copying it was half of what a mail allocated.
 */
final class TemplateOutput extends Writer {

    private static final int USUAL = 16 * 1024;
    private static final int KEPT = 64 * 1024;
    private static final ThreadLocal<TemplateOutput> OF_THREAD = ThreadLocal.withInitial(TemplateOutput::new);

    private char[] chars = new char[USUAL];
    private int length;

    private TemplateOutput() {}

    /** Empty, and this thread's own until it is asked for the next time. */
    static TemplateOutput empty() {
        TemplateOutput output = OF_THREAD.get();
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

    /** Without white space around it, and with one line end. */
    String asParagraphs() {
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
