package org.signupmailer.testing.smtp;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Finds a header in a mail's bytes without parsing the mail, since load tests look at tens of thousands. */
final class RawHeaders {

    private RawHeaders() {}

    static @Nullable String first(byte[] mail, String name) {
        int line = 0;
        while (line < mail.length && mail[line] != '\r') {
            int end = endOfField(mail, line);
            if (isNamed(mail, line, end, name)) {
                int value = line + name.length() + 1;
                return new String(mail, value, end - value, StandardCharsets.UTF_8)
                        .replace("\r\n", "")
                        .strip();
            }
            line = end;
        }
        return null;
    }

    /** The start of the next field: RFC 5322, 2.2.3, a line that begins with white space continues the field. */
    private static int endOfField(byte[] mail, int from) {
        int i = from;
        while (i < mail.length) {
            if (mail[i++] == '\n' && (i == mail.length || (mail[i] != ' ' && mail[i] != '\t'))) {
                return i;
            }
        }
        return i;
    }

    private static boolean isNamed(byte[] mail, int from, int end, String name) {
        if (end - from <= name.length() || mail[from + name.length()] != ':') {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.toLowerCase((char) mail[from + i]) != Character.toLowerCase(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }
}
