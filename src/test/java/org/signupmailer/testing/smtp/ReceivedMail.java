package org.signupmailer.testing.smtp;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A mail as the server got it.
 *
 * @param from the envelope sender; empty for the null sender
 * @param recipients the envelope recipients that the server accepted, in their order
 * @param raw the mail as received: CRLF lines, dots unstuffed, without the final dot; not to be changed
 * @param receivedAt when the final dot was read
 * @param connection the number of the connection it came over, counted from 1
 * @param mailFromParameters what followed the sender in MAIL FROM, for example {@code SIZE=1234}, {@code SMTPUTF8}
 * @param user who was logged in; null without AUTH
 * @param secured whether it came over TLS
 */
@SuppressWarnings("ArrayRecordComponent") // two mails with the same bytes are two mails: identity is what is wanted
public record ReceivedMail(
        String from,
        List<String> recipients,
        byte[] raw,
        Instant receivedAt,
        int connection,
        List<String> mailFromParameters,
        @Nullable String user,
        boolean secured) {

    private static final Session NO_SESSION = Session.getInstance(new Properties());

    /** The mail, parsed anew at each call. */
    public MimeMessage asMimeMessage() {
        try {
            return new MimeMessage(NO_SESSION, new ByteArrayInputStream(raw));
        } catch (MessagingException e) {
            throw new IllegalStateException("The received mail is not one that can be parsed: " + this, e);
        }
    }

    /** The first header of this name, unfolded and otherwise as it is on the wire; null when there is none. */
    public @Nullable String header(String name) {
        return RawHeaders.first(raw, name);
    }

    /** The id that the sending application gave the mail, from {@code X-Event-Id}; null when there is none. */
    public @Nullable String eventId() {
        return header("X-Event-Id");
    }

    /** Short, without content and with masked addresses, so that it can be printed anywhere. */
    @Override
    public String toString() {
        String id = eventId();
        return "mail " + (id == null ? "without X-Event-Id" : id) + " to "
                + recipients.stream().map(ReceivedMail::masked).toList() + " (" + raw.length + " bytes, connection "
                + connection + ")";
    }

    private static String masked(String address) {
        int at = address.lastIndexOf('@');
        return at < 1 ? "***" : address.substring(0, address.offsetByCodePoints(0, 1)) + "***" + address.substring(at);
    }
}
