package org.signupmailer.deadletter;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The header by which an event that was put back is told from a new one. It is read by later replays only: the door of
 * the application drops it, as it drops every header that is not an event's.
 *
 * @param published when the event was first published
 * @param place the dead letter it was put back from
 */
record ReplayMark(Instant published, DeadLetterReader.Place place) {

    private static final String HEADER = "signup-mailer-replayed";
    private static final Pattern FORM = Pattern.compile("(\\d{1,15}) (\\d{1,9})@(\\d{1,18})");

    void writeTo(Headers headers) {
        String text = published.toEpochMilli() + " " + place.partition() + "@" + place.offset();
        headers.remove(HEADER).add(HEADER, text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The mark of an event that was put back; null for any other. */
    static @Nullable ReplayMark of(Headers headers) {
        Header header = headers.lastHeader(HEADER);
        if (header == null || header.value() == null) {
            return null;
        }
        Matcher form = FORM.matcher(new String(header.value(), StandardCharsets.US_ASCII));
        return form.matches()
                ? new ReplayMark(
                        Instant.ofEpochMilli(Long.parseLong(form.group(1))),
                        new DeadLetterReader.Place(Integer.parseInt(form.group(2)), Long.parseLong(form.group(3))))
                : null;
    }
}
