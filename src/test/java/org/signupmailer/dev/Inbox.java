package org.signupmailer.dev;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What the development run's relays took and refused, newest first; the oldest mails go when there are too many. */
final class Inbox {

    private static final int KEPT = 500;

    private final Deque<InboxMail> mails = new ArrayDeque<>();
    private final Map<String, List<Attempt>> refusals = new HashMap<>();
    private final Map<String, Integer> refusedBy = new HashMap<>();
    private final Map<String, Integer> takenBy = new HashMap<>();
    private final Map<String, String> typesByEventId = new HashMap<>();
    private final List<Consumer<InboxMail>> listeners = new ArrayList<>();
    private int received;
    private int revision;

    /** Calls the listener for each mail from now on, on the thread that brought it. */
    synchronized void onMail(Consumer<InboxMail> listener) {
        listeners.add(listener);
    }

    /** A relay refused a mail for this recipient. */
    synchronized void refused(String relay, String recipient, String reply) {
        refusals.computeIfAbsent(recipient, unused -> new ArrayList<>()).add(new Attempt(relay, reply));
        refusedBy.merge(relay, 1, Integer::sum);
        revision++;
    }

    /** A relay took a mail for this recipient. */
    void taken(String relay, String recipient, byte[] source, Instant arrived) {
        MailContent content = MailContent.parse(source);
        InboxMail mail;
        List<Consumer<InboxMail>> toTell;
        synchronized (this) {
            List<Attempt> before =
                    Optional.ofNullable(refusals.remove(recipient)).orElse(List.of());
            mail = new InboxMail(
                    ++received,
                    arrived,
                    relay,
                    List.copyOf(before),
                    recipient,
                    content,
                    new String(source, StandardCharsets.UTF_8));
            mails.addFirst(mail);
            if (mails.size() > KEPT) {
                mails.removeLast();
            }
            takenBy.merge(relay, 1, Integer::sum);
            revision++;
            toTell = List.copyOf(listeners);
        }
        toTell.forEach(listener -> listener.accept(mail));
    }

    /** The event with this id is of this type; a mail itself doesn't say. */
    synchronized void typeIs(String eventId, String type) {
        if (!type.equals(typesByEventId.put(eventId, type))) {
            revision++;
        }
    }

    /** The type of the event that a mail came from; empty when the event has not been seen. */
    synchronized String typeOf(InboxMail mail) {
        return typesByEventId.getOrDefault(mail.content().eventId(), "");
    }

    synchronized List<InboxMail> newestFirst() {
        return List.copyOf(mails);
    }

    synchronized Optional<InboxMail> mail(int number) {
        return mails.stream().filter(mail -> mail.number() == number).findFirst();
    }

    synchronized int takenBy(String relay) {
        return takenBy.getOrDefault(relay, 0);
    }

    synchronized int refusedBy(String relay) {
        return refusedBy.getOrDefault(relay, 0);
    }

    /** Changes whenever there is something new to show. */
    synchronized int revision() {
        return revision;
    }
}
