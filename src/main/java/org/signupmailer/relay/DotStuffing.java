package org.signupmailer.relay;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A mail as it follows DATA: lines that begin with a dot have another one (RFC 5321, 4.5.2), and the final dot ends it.
 * One pass over the mail, and one array for all mails of a connection, since each mail goes through here.
 */
final class DotStuffing {

    private static final byte[] LINE_AND_FINAL_DOT = {'\r', '\n', '.', '\r', '\n'};
    // Few mails have more lines than this that begin with a dot.
    private static final int USUAL_DOTS = 32;
    private static final VarHandle EIGHT = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long DOTS = 0x2E2E_2E2E_2E2E_2E2EL;
    private static final long HIGHEST = 0x8080_8080_8080_8080L;
    private static final int KEPT = 64 * 1024;

    private byte[] bytes = {};
    private int length;

    /**
     * Takes a mail in place of the one before.
     *
     * @param first the header's first line with its line end; it does not begin with a dot
     * @param content what follows it; lines end with CRLF
     * @param behind commands that travel behind the final dot
     */
    DotStuffing with(byte[] first, byte[] content, byte[] behind) {
        int most = first.length + content.length + LINE_AND_FINAL_DOT.length + USUAL_DOTS + behind.length;
        if (bytes.length < most || bytes.length > KEPT) {
            bytes = new byte[most];
        }
        length = 0;
        append(first, 0, first.length);
        int from = 0;
        for (int i = dot(content, 0); i < content.length; i = dot(content, i + 1)) {
            if (i == 0 || content[i - 1] == '\n') {
                // The dot is written twice: at the end of this piece and at the beginning of the next.
                append(content, from, i + 1);
                from = i;
            }
        }
        append(content, from, content.length);
        boolean ended = content.length == 0 || content[content.length - 1] == '\n';
        append(LINE_AND_FINAL_DOT, ended ? 2 : 0, LINE_AND_FINAL_DOT.length);
        append(behind, 0, behind.length);
        return this;
    }

    // Where the next dot is; the length if there is none. Eight bytes at a time: taking 1 from each borrows for
    // the first time at a byte that is 0, which is what a dot has become, and sets its highest bit.
    private static int dot(byte[] content, int from) {
        int i = from;
        for (; i <= content.length - Long.BYTES; i += Long.BYTES) {
            long eight = (long) EIGHT.get(content, i) ^ DOTS;
            long zeros = (eight - ONES) & ~eight & HIGHEST;
            if (zeros != 0) {
                return i + Long.numberOfTrailingZeros(zeros) / Byte.SIZE;
            }
        }
        while (i < content.length && content[i] != '.') {
            i++;
        }
        return i;
    }

    private void append(byte[] source, int from, int to) {
        int more = to - from;
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * (length + more));
        }
        System.arraycopy(source, from, bytes, length, more);
        length += more;
    }

    /** Only the first {@link #length()} of them count. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }
}
