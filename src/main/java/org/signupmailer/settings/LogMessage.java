package org.signupmailer.settings;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/**
 * {@code %oneline} in the pattern of the console: the message as one line that reads from left to right, whatever an event
 * or a relay says in it. Logback's {@code %replace} with a regular expression cost more than making the line.
 */
final class LogMessage extends ClassicConverter {

    /** {@inheritDoc} Control characters, line and paragraph separators and marks of direction become question marks. */
    @Override
    public String convert(ILoggingEvent event) {
        String message = event.getFormattedMessage();
        if (message == null) {
            return "";
        }
        for (int i = 0; i < message.length(); i++) {
            if (isTroublesome(message.charAt(i))) {
                return replaced(message);
            }
        }
        return message;
    }

    private static String replaced(String message) {
        StringBuilder line = new StringBuilder(message);
        for (int i = 0; i < line.length(); i++) {
            if (isTroublesome(line.charAt(i))) {
                line.setCharAt(i, '?');
            }
        }
        return line.toString();
    }

    private static boolean isTroublesome(char c) {
        if (c < 0x7F) {
            return c < ' ';
        }
        return c <= 0x9F || c == 0x2028 || c == 0x2029 || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    }
}
