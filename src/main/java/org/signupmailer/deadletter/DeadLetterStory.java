package org.signupmailer.deadletter;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.signupmailer.event.EventReader;
import org.signupmailer.event.InvalidEventException;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.relay.AttemptStory;
import org.signupmailer.topic.Moment;
import org.signupmailer.topic.Plain;

/** Tells one event's death in words, with everything that the user may be told. */
final class DeadLetterStory {

    private static final int LONGEST_RECORD = 4000;

    private final StringBuilder words = new StringBuilder();

    private DeadLetterStory() {}

    /**
     * The story, ending with a line break.
     *
     * @param letters all dead letters of the event, oldest first, at least one
     * @param accepted whether a relay has accepted the event since
     */
    static String tell(List<DeadLetter> letters, boolean accepted, Instant now) {
        DeadLetterStory story = new DeadLetterStory();
        DeadLetter last = letters.get(letters.size() - 1);
        SignupEvent event = event(last);
        story.head(letters, last);
        if (event != null) {
            story.event(event, now);
        } else {
            story.record(last);
        }
        story.attempts(last);
        story.end(last, event, accepted, now);
        return story.words.toString();
    }

    private static @Nullable SignupEvent event(DeadLetter letter) {
        try {
            return new EventReader()
                    .read(letter.original().recordHeaders(), letter.original().bytes());
        } catch (InvalidEventException e) {
            return null;
        }
    }

    private void head(List<DeadLetter> letters, DeadLetter last) {
        line(Plain.text(last.type() == null ? "An event" : last.type()) + " " + Plain.text(last.id())
                + (last.recipient() == null ? "" : " for " + Plain.text(last.recipient())));
        line("");
        line("It was not sent: " + because(last.reason()) + " (" + Plain.text(last.reason()) + ", "
                + Moment.words(last.time()) + " UTC).");
        line(Plain.text(last.detail()));
        for (DeadLetter.Problem problem : last.violations()) {
            line("  " + Plain.text(problem.pointer()) + "  " + Plain.text(problem.message()));
        }
        for (DeadLetter before : letters.subList(0, letters.size() - 1)) {
            line("It had died before, " + Moment.words(before.time()) + " UTC: " + Plain.text(before.reason()) + ".");
        }
        line("");
    }

    private static String because(String reason) {
        return switch (reason) {
            case "invalid-event" -> "the record is not a valid event";
            case "expired" -> "its time was over before it could be sent";
            case "superseded" -> "a newer event of the same type for the same person came first";
            case "template-error" -> "its template failed";
            case "recipient-rejected" -> "a relay says that the address does not exist";
            case "message-rejected" -> "a relay does not take this mail, whoever sends it";
            case "relays-exhausted" -> "no relay took it, and there was no time left for another try";
            default -> "for a reason that this version does not know";
        };
    }

    private void event(SignupEvent event, Instant now) {
        field("Code", event.code());
        field("Link", event.link());
        field("Address", event.email());
        field("New address", event.newEmail());
        field("Name", event.name());
        field("Invited by", event.invitedBy());
        field("Locale", event.locale());
        Instant end = event.expiresAt();
        if (end != null) {
            boolean over = !now.isBefore(end);
            field(
                    "Expires",
                    Moment.words(end) + " UTC, "
                            + (over
                                    ? Moment.words(Duration.between(end, now)) + " ago: it is of no use any more"
                                    : "in " + Moment.words(Duration.between(now, end))));
        }
    }

    private void record(DeadLetter letter) {
        DeadLetter.Original original = letter.original();
        if (Boolean.TRUE.equals(original.truncated())) {
            line("The record is too large for the topic; the dead-letter log of the process has it whole.");
        } else if (original.value() != null) {
            String value = original.value();
            line("The record says:");
            line(Plain.lines(value.length() > LONGEST_RECORD ? value.substring(0, LONGEST_RECORD) + " …" : value));
        } else {
            line(original.valueBase64() == null ? "The record is empty." : "The record is not text.");
        }
    }

    private void attempts(DeadLetter letter) {
        DeadLetter.Original original = letter.original();
        field(
                "Published",
                Moment.words(original.timestamp()) + " UTC, " + Plain.text(original.topic()) + "-"
                        + original.partition() + "@" + original.offset());
        line("");
        List<AttemptStory> attempts = letter.attempts();
        line(attempts.isEmpty() ? "No relay was asked." : "What the relays said:");
        for (AttemptStory attempt : attempts) {
            line("  " + Moment.words(attempt.at()) + "  " + Plain.text(attempt.relay()) + " ("
                    + Plain.text(attempt.host()) + ":" + attempt.port() + ") after " + attempt.millis() + " ms: "
                    + outcome(attempt));
        }
        line("");
    }

    private static String outcome(AttemptStory attempt) {
        String where =
                "at " + Plain.text(attempt.phase()).toUpperCase(Locale.ROOT).replace('-', ' ');
        String what = attempt.reply() != null ? attempt.reply() : attempt.detail();
        return (attempt.failure() == null ? "accepted " : Plain.text(attempt.failure()) + " failure ")
                + where
                + (what == null ? "" : ", " + Plain.text(what));
    }

    private void end(DeadLetter letter, @Nullable SignupEvent event, boolean accepted, Instant now) {
        if (accepted) {
            line("Now: a relay has accepted it since. It will not be mailed again.");
        } else if (event == null) {
            line("Now: it is still dead, and would be again; mend the publisher and publish it anew.");
        } else if (event.expiresAt() != null && !now.isBefore(event.expiresAt())) {
            line("Now: it is still dead, and too late to be sent; let the user ask for a new one.");
        } else {
            line("Now: it is still dead. To send it: dead-letters replay --id " + Plain.text(letter.id()));
        }
    }

    private void field(String name, @Nullable String value) {
        if (value != null) {
            line(String.format(Locale.ROOT, "%-12s %s", name, Plain.text(value)));
        }
    }

    private void line(String text) {
        words.append(text).append(System.lineSeparator());
    }
}
