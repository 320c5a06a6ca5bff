package org.signupmailer.relay;

import java.nio.charset.StandardCharsets;

/** SMTP's commands as they are written. */
final class SmtpCommands {

    private SmtpCommands() {}

    /**
     * @param utf8 whether the mail needs SMTPUTF8
     * @param eightBits whether the relay offers 8BITMIME
     * @throws IllegalArgumentException if the address can't stand in a command
     */
    static String mailFrom(String sender, boolean utf8, boolean eightBits) {
        return "MAIL FROM:<" + path(sender) + ">" + parameters(utf8, eightBits);
    }

    /** @throws IllegalArgumentException if the address can't stand in a command */
    static String rcptTo(String recipient) {
        return "RCPT TO:<" + path(recipient) + ">";
    }

    // RFC 6531, 3.4 and 3.6: header fields in UTF-8 are eight-bit data.
    private static String parameters(boolean utf8, boolean eightBits) {
        if (!utf8) {
            return "";
        }
        return eightBits ? " BODY=8BITMIME SMTPUTF8" : " SMTPUTF8";
    }

    // Events with such addresses are refused at the door; this is the wall behind it.
    private static String path(String address) {
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            if (c <= ' ' || c == '<' || c == '>' || Character.isISOControl(c)) {
                throw new IllegalArgumentException("An address in an SMTP command can't hold white space, angle"
                        + " brackets or control characters");
            }
        }
        return address;
    }

    /** The commands as they go over the wire, one behind the other. */
    static byte[] lines(String... commands) {
        StringBuilder lines = new StringBuilder(256);
        for (String command : commands) {
            if (command.indexOf('\r') >= 0 || command.indexOf('\n') >= 0) {
                throw new IllegalArgumentException("An SMTP command can't hold a line break");
            }
            lines.append(command).append("\r\n");
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }
}
