package org.signupmailer.dev;

import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Tells in the terminal what becomes of each event. */
final class Story {

    private static final String LINE = "=".repeat(72);

    private final PrintStream out;
    private final Inbox inbox;
    private final Set<String> mailed = new HashSet<>();
    private final Set<String> dead = new HashSet<>();

    Story(PrintStream out, Inbox inbox) {
        this.out = out;
        this.inbox = inbox;
    }

    /** A relay took a mail. */
    void tell(InboxMail mail, String inboxUrl) {
        String type = inbox.typeOf(mail);
        String refusals = mail.refusals().stream()
                .map(refusal -> "%s refused it (%s), ".formatted(refusal.relay(), printable(refusal.reply())))
                .collect(Collectors.joining());
        print("%n MAIL %d  %s to %s%n   %s%s took it%n   %smail/%d"
                .formatted(
                        mail.number(),
                        printable(type.isEmpty() ? mail.content().eventId() : type),
                        printable(mail.recipient()),
                        refusals,
                        mail.relay(),
                        inboxUrl,
                        mail.number()));
        finished(mailed, mail.content().eventId());
    }

    /** An event will not be mailed. */
    void tell(EventWatch.DeadLetter letter) {
        print("%n DEAD LETTER  %s%n   %s%n   %s"
                .formatted(printable(letter.reason()), printable(letter.detail()), printable(letter.whence())));
        finished(dead, letter.eventId());
    }

    /** The end of the samples, and what can be done now. */
    void summary(List<Sample> samples, List<String> more) {
        long mails = samples.stream().filter(sample -> has(mailed, sample)).count();
        long letters = samples.stream().filter(sample -> has(dead, sample)).count();
        StringBuilder text = new StringBuilder();
        text.append('\n').append(LINE).append('\n');
        text.append(" %d sample events: %d mailed, %d dead letters, %d still on their way.%n"
                .formatted(samples.size(), mails, letters, samples.size() - mails - letters));
        text.append(" The first relay refused %d times, the second took %d mails.%n%n"
                .formatted(inbox.refusedBy(DevelopmentRelays.FIRST), inbox.takenBy(DevelopmentRelays.SECOND)));
        more.forEach(line -> text.append(line.isEmpty() ? "" : " " + line).append('\n'));
        text.append(LINE);
        print(text.toString());
    }

    /** Waits until all these events have ended, at most so long. */
    synchronized void awaitEnd(List<Sample> samples, long atMostMillis) throws InterruptedException {
        long deadline = System.nanoTime() + atMostMillis * 1_000_000;
        while (!samples.stream().allMatch(sample -> has(mailed, sample) || has(dead, sample))) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return;
            }
            wait(left);
        }
    }

    private synchronized boolean has(Set<String> ended, Sample sample) {
        return ended.contains(sample.id());
    }

    private synchronized void finished(Set<String> ended, String eventId) {
        ended.add(eventId);
        notifyAll();
    }

    private void print(String text) {
        // In one call, so that log lines of other threads do not get in between.
        out.println(text);
    }

    /** Without control characters, which a terminal would obey. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", " ");
    }
}
