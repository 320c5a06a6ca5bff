package org.signupmailer.email;

/**
 * A finished mail, but for its From line.
 *
 * @param recipient for RCPT TO; an international domain in its ASCII form (RFC 5891)
 * @param messageId with angle brackets; the same for the same event
 * @param content header fields and body, CRLF at the end of every line
 * @param needsSmtpUtf8 whether recipient or header hold more than ASCII, so that the relay must offer SMTPUTF8
 */
@SuppressWarnings("ArrayRecordComponent") // Made once and read by relays; nobody compares two.
public record Mime(String recipient, String messageId, byte[] content, boolean needsSmtpUtf8) {

    @Override
    public String toString() {
        return "Mime[" + messageId + ", " + content.length + " bytes]";
    }
}
