package org.signupmailer.endtoend;

import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.TestEvent;
import org.signupmailer.testing.smtp.ReceivedMail;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;

/** Finds an event's mail at a server, and looks into mails as a mail program does. */
final class Mails {

    private Mails() {}

    record Part(String contentType, String text) {}

    /** The event's mail, as soon as it is there. */
    static ReceivedMail await(ScriptedSmtpServer server, TestEvent event) {
        Awaitility.await("the mail of " + event + " at " + server)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(10))
                .atMost(SignupMailer.PATIENCE)
                .until(() -> server.acceptedIds().contains(event.id()));
        return find(server, event).orElseThrow();
    }

    static Optional<ReceivedMail> find(ScriptedSmtpServer server, TestEvent event) {
        return server.mails().stream()
                .filter(mail -> event.id().equals(mail.eventId()))
                .findFirst();
    }

    /** The parts in their order, decoded. */
    static List<Part> parts(ReceivedMail mail) {
        try {
            MimeMultipart multipart = (MimeMultipart) mail.asMimeMessage().getContent();
            List<Part> parts = new ArrayList<>();
            for (int i = 0; i < multipart.getCount(); i++) {
                BodyPart part = multipart.getBodyPart(i);
                parts.add(new Part(part.getContentType(), String.valueOf(part.getContent())));
            }
            return parts;
        } catch (MessagingException e) {
            throw new AssertionError("Not a mail with parts: " + mail, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(ReceivedMail mail) {
        return parts(mail).get(0).text();
    }

    static String html(ReceivedMail mail) {
        return parts(mail).get(1).text();
    }

    static String subject(ReceivedMail mail) {
        try {
            return String.valueOf(mail.asMimeMessage().getSubject());
        } catch (MessagingException e) {
            throw new AssertionError("No subject can be read: " + mail, e);
        }
    }
}
