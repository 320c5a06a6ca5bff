package org.signupmailer.relay;

import java.util.Arrays;

/**
 * A mail as it follows DATA: lines that begin with a dot have another one (RFC 5321, 4.5.2), and the final dot ends it.
 * One pass over the mail and one array, since each mail goes through here.
 */
final class DotStuffing {

    private static final byte[] LINE_AND_FINAL_DOT = {'\r', '\n', '.', '\r', '\n'};
    // Few mails have more lines than this that begin with a dot.
    private static final int USUAL_DOTS = 32;

    private byte[] bytes;
    private int length;

    /**
     * @param first the header's first line with its line end; it does not begin with a dot
     * @param content what follows it; lines end with CRLF
     * @param behind commands that travel behind the final dot
     */
    DotStuffing(byte[] first, byte[] content, byte[] behind) {
        bytes = new byte[first.length + content.length + LINE_AND_FINAL_DOT.length + USUAL_DOTS + behind.length];
        append(first, 0, first.length);
        int from = 0;
        for (int i = 0; i < content.length; i++) {
            if (content[i] == '.' && (i == 0 || content[i - 1] == '\n')) {
                // The dot is written twice: at the end of this piece and at the beginning of the next.
                append(content, from, i + 1);
                from = i;
            }
        }
        append(content, from, content.length);
        boolean ended = content.length == 0 || content[content.length - 1] == '\n';
        append(LINE_AND_FINAL_DOT, ended ? 2 : 0, LINE_AND_FINAL_DOT.length);
        append(behind, 0, behind.length);
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
