package org.signupmailer.testing.smtp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What became of the mails that the server saw in full: accepted, refused, or never answered. */
final class Mailbox {

    private final boolean keepMails;
    private final List<ReceivedMail> accepted = new ArrayList<>();
    private final List<String> acceptedIds = new ArrayList<>();
    private final List<ReceivedMail> refused = new ArrayList<>();
    private final List<ReceivedMail> unanswered = new ArrayList<>();
    private final List<Consumer<ReceivedMail>> listeners = new CopyOnWriteArrayList<>();
    private int acceptedCount;

    Mailbox(boolean keepMails) {
        this.keepMails = keepMails;
    }

    synchronized void seen(ReceivedMail mail) {
        unanswered.add(mail);
    }

    /** Before the last byte of a positive answer leaves, so that a client that has the answer finds the mail here. */
    synchronized void accept(ReceivedMail mail) {
        forget(unanswered, mail);
        acceptedCount++;
        if (keepMails) {
            accepted.add(mail);
        }
        String id = mail.eventId();
        if (id != null) {
            acceptedIds.add(id);
        }
        notifyAll();
    }

    synchronized void refuse(ReceivedMail mail) {
        forget(unanswered, mail);
        if (keepMails) {
            refused.add(mail);
        }
    }

    /** The positive answer did not leave after all. */
    synchronized void withdraw(ReceivedMail mail) {
        acceptedCount--;
        forget(accepted, mail);
        String id = mail.eventId();
        if (id != null) {
            acceptedIds.remove(acceptedIds.lastIndexOf(id));
        }
        unanswered.add(mail);
    }

    void announce(ReceivedMail mail) {
        listeners.forEach(listener -> listener.accept(mail));
    }

    void listen(Consumer<ReceivedMail> listener) {
        listeners.add(listener);
    }

    synchronized List<ReceivedMail> accepted() {
        if (!keepMails) {
            throw new IllegalStateException(
                    "Mails are not kept with keepMails(false); use acceptedIds(), mailCount() or onMail(...)");
        }
        return List.copyOf(accepted);
    }

    synchronized List<String> acceptedIds() {
        return List.copyOf(acceptedIds);
    }

    synchronized List<ReceivedMail> refused() {
        return List.copyOf(refused);
    }

    synchronized List<ReceivedMail> unanswered() {
        return List.copyOf(unanswered);
    }

    synchronized int acceptedCount() {
        return acceptedCount;
    }

    synchronized boolean awaitCount(int n, Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (acceptedCount < n) {
            long left = deadline - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            try {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, 1_000_000));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    synchronized void clear() {
        accepted.clear();
        acceptedIds.clear();
        refused.clear();
        unanswered.clear();
        acceptedCount = 0;
    }

    synchronized String summary() {
        StringBuilder text = new StringBuilder();
        text.append(acceptedCount).append(" accepted");
        append(text, accepted);
        text.append(", ").append(refused.size()).append(" refused after DATA");
        append(text, refused);
        text.append(", ").append(unanswered.size()).append(" unanswered");
        append(text, unanswered);
        return text.toString();
    }

    private static void append(StringBuilder text, List<ReceivedMail> mails) {
        if (!mails.isEmpty()) {
            List<ReceivedMail> newest = mails.subList(Math.max(0, mails.size() - 20), mails.size());
            text.append(newest.size() < mails.size() ? ", the newest: " : ": ").append(newest);
        }
    }

    /** From the end, where a mail that is still under way most likely is. */
    private static void forget(List<ReceivedMail> mails, ReceivedMail mail) {
        for (int i = mails.size() - 1; i >= 0; i--) {
            if (mails.get(i).equals(mail)) {
                mails.remove(i);
                return;
            }
        }
    }
}
