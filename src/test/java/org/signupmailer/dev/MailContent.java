package org.signupmailer.dev;

import jakarta.mail.Header;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What a mail says, decoded for showing. A part that isn't there is null; a mail that can't be parsed has neither, and
 * its source is then all there is to see.
 */
record MailContent(
        String subject,
        String from,
        String eventId,
        List<HeaderLine> headers,
        @Nullable String text,
        @Nullable String html) {

    record HeaderLine(String name, String value) {}

    static MailContent parse(byte[] source) {
        Properties properties = new Properties();
        properties.setProperty("mail.mime.allowutf8", "true");
        try {
            MimeMessage message = new MimeMessage(Session.getInstance(properties), new ByteArrayInputStream(source));
            List<HeaderLine> headers = new ArrayList<>();
            for (Header header : Collections.list(message.getAllHeaders())) {
                headers.add(new HeaderLine(header.getName(), decoded(header.getValue())));
            }
            return new MailContent(
                    orEmpty(message.getSubject()),
                    decoded(orEmpty(message.getHeader("From", ", "))),
                    orEmpty(message.getHeader("X-Event-Id", ", ")),
                    headers,
                    find(message, "text/plain"),
                    find(message, "text/html"));
        } catch (MessagingException | IOException e) {
            return new MailContent("(unreadable mail)", "", "", List.of(), null, null);
        }
    }

    private static @Nullable String find(Part part, String type) throws MessagingException, IOException {
        if (part.isMimeType(type)) {
            return part.getContent() instanceof String text ? text : null;
        }
        if (part.isMimeType("multipart/*") && part.getContent() instanceof Multipart parts) {
            for (int i = 0; i < parts.getCount(); i++) {
                String found = find(parts.getBodyPart(i), type);
                if (found != null) {
                    return found;
                }
            }
        }
        return null;
    }

    private static String decoded(String value) throws IOException {
        return MimeUtility.decodeText(MimeUtility.unfold(value));
    }

    private static String orEmpty(@Nullable String value) {
        return value == null ? "" : value;
    }
}
