package org.signupmailer.doctor;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.UUID;
import org.signupmailer.relay.OutgoingMail;

/** The mail that {@code --send-test} sends. */
final class TestMail {

    private TestMail() {}

    static OutgoingMail to(String recipient, String sender, Texts texts, Clock clock) {
        String id = "<" + UUID.randomUUID() + sender.substring(sender.lastIndexOf('@')) + ">";
        String head = String.join(
                "\r\n",
                "To: " + recipient,
                "Subject: =?UTF-8?B?" + base64(texts.say("test.subject")) + "?=",
                "Date: "
                        + DateTimeFormatter.RFC_1123_DATE_TIME
                                .withLocale(Locale.ROOT)
                                .format(ZonedDateTime.now(clock.withZone(ZoneOffset.UTC))),
                "Message-ID: " + id,
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=UTF-8",
                "Content-Transfer-Encoding: base64");
        String body =
                Base64.getMimeEncoder().encodeToString(texts.say("test.body").getBytes(StandardCharsets.UTF_8));
        boolean international = (recipient + sender).chars().anyMatch(c -> c > 127);
        return new OutgoingMail(
                recipient, id, (head + "\r\n\r\n" + body + "\r\n").getBytes(StandardCharsets.UTF_8), international);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
