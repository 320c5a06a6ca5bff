package org.signupmailer.testing.smtp;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** An answer of the server as bytes on the wire; what they begin with decides what the server does next. */
final class Reply {

    private final byte[] bytes;

    Reply(byte[] bytes) {
        this.bytes = bytes;
    }

    byte[] bytes() {
        return bytes;
    }

    static Reply of(int code, String... lines) {
        return of(code, List.of(lines));
    }

    static Reply of(int code, List<String> lines) {
        if (code < 200 || code > 599) {
            throw new IllegalArgumentException("SMTP reply code " + code
                    + " is outside 200-599; to send something that is no reply at all use replyRaw(byte[])");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            text.append(code)
                    .append(i < lines.size() - 1 ? '-' : ' ')
                    .append(lines.get(i))
                    .append("\r\n");
        }
        return new Reply(text.toString().getBytes(StandardCharsets.UTF_8));
    }

    boolean isPositive() {
        return beginsWith('2');
    }

    boolean asksForMore() {
        return beginsWith('3');
    }

    /** RFC 5321, 3.8: a server that says 421 closes the connection. */
    boolean announcesClosing() {
        return bytes.length >= 3 && bytes[0] == '4' && bytes[1] == '2' && bytes[2] == '1';
    }

    private boolean beginsWith(char digit) {
        return bytes.length > 0 && bytes[0] == digit;
    }
}
