package org.signupmailer.deadletter;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.signupmailer.event.Addresses;
import org.signupmailer.topic.Plain;

/**
 * One dead letter in a list. Holds neither code nor link, and a whole address only when that is asked for.
 *
 * @param now {@code dead}, or {@code accepted} when a relay has taken a replay of it since
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({"time", "reason", "type", "recipient", "attempts", "now", "id", "detail"})
record DeadLetterRow(
        String time,
        String reason,
        @Nullable String type,
        @Nullable String recipient,
        int attempts,
        String now,
        @Nullable String id,
        String detail) {

    static DeadLetterRow of(DeadLetter letter, boolean accepted, boolean whole) {
        String address = letter.recipient();
        String shown = address == null ? null : whole ? Plain.text(address) : Addresses.mask(address);
        return new DeadLetterRow(
                letter.time().toString(),
                Plain.text(letter.reason()),
                letter.type() == null ? null : Plain.text(letter.type()),
                shown,
                letter.attempts().size(),
                accepted ? "accepted" : "dead",
                letter.id() == null ? null : Plain.text(letter.id()),
                Plain.text(
                        address == null || shown == null || whole
                                ? letter.detail()
                                : masked(letter.detail(), address, shown)));
    }

    // Relays like to repeat the address in their reply.
    private static String masked(String detail, String address, String shown) {
        return Pattern.compile(Pattern.quote(address), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE)
                .matcher(detail)
                .replaceAll(Matcher.quoteReplacement(shown));
    }

    /** As a line of the table with these widths for type and recipient. */
    String line(int typeWidth, int recipientWidth) {
        return String.format(
                Locale.ROOT,
                "%-19s  %-18s  %-" + typeWidth + "s  %-" + recipientWidth + "s  %5d  %-8s  %s",
                time.replace('T', ' ').substring(0, Math.min(19, time.length())),
                reason,
                dash(type),
                dash(recipient),
                attempts,
                now,
                dash(id));
    }

    private static String dash(@Nullable String text) {
        return text == null ? "-" : text;
    }

    static String head(int typeWidth, int recipientWidth) {
        return String.format(
                Locale.ROOT,
                "%-19s  %-18s  %-" + typeWidth + "s  %-" + recipientWidth + "s  %5s  %-8s  %s",
                "DIED (UTC)",
                "REASON",
                "TYPE",
                "RECIPIENT",
                "TRIES",
                "NOW",
                "ID");
    }
}
