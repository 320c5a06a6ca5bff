package org.signupmailer.relay;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One event's mail: built once, handed as it is to each relay that is tried. Its bytes begin behind the
 * {@code From} line, which is the only one that differs from relay to relay. It also keeps the attempts made with it.
 */
public final class OutgoingMail extends MimeMessage {

    private final String recipient;
    private final String messageId;
    private final byte[] bytes;
    private final boolean needsSmtpUtf8;
    private final AtomicReference<@Nullable Runnable> held = new AtomicReference<>();
    private boolean holds;
    private Onward onward = Onward.AT_ONCE;
    private final List<Attempt> attempts = Collections.synchronizedList(new ArrayList<>());

    /**
     * @param recipient the address for RCPT TO
     * @param messageId the Message-ID with its angle brackets, the same on every attempt
     * @param bytes header fields but From, an empty line and the body; lines end with CRLF, the last one too
     * @param needsSmtpUtf8 whether the recipient's local part or a header field is not ASCII (RFC 6531)
     */
    public OutgoingMail(String recipient, String messageId, byte[] bytes, boolean needsSmtpUtf8) {
        super((Session) null);
        this.recipient = recipient;
        this.messageId = messageId;
        this.bytes = bytes;
        this.needsSmtpUtf8 = needsSmtpUtf8;
    }

    public String recipient() {
        return recipient;
    }

    public boolean needsSmtpUtf8() {
        return needsSmtpUtf8;
    }

    byte[] bytes() {
        return bytes;
    }

    /**
     * Keeps its place at the relay that accepts it until {@link #recorded()}, so that never more mails are accepted and
     * not recorded, and mailed again after a crash, than there are connections.
     */
    public void holdUntilRecorded() {
        holds = true;
    }

    /** Says how it goes on from now on. */
    public void goesOn(Onward by) {
        this.onward = by;
    }

    Onward onward() {
        return onward;
    }

    /** Its end is recorded, or will never be: another mail may take its place. */
    public void recorded() {
        Runnable release = held.getAndSet(null);
        if (release != null) {
            release.run();
        }
    }

    void accepted(Runnable release) {
        if (holds) {
            // A route may hand it to two relays, one after the other.
            Runnable before = held.getAndSet(release);
            if (before != null) {
                before.run();
            }
        } else {
            release.run();
        }
    }

    void add(Attempt attempt) {
        attempts.add(attempt);
    }

    /** The attempts so far, oldest first. */
    public List<Attempt> attempts() {
        synchronized (attempts) {
            return List.copyOf(attempts);
        }
    }

    /** The attempt that a relay accepted; null while none has. */
    public @Nullable Attempt acceptance() {
        synchronized (attempts) {
            for (Attempt attempt : attempts) {
                if (attempt.accepted()) {
                    return attempt;
                }
            }
            return null;
        }
    }

    @Override
    public String getMessageID() {
        return messageId;
    }

    @Override
    public Address[] getAllRecipients() throws MessagingException {
        return new Address[] {new InternetAddress(recipient, false)};
    }

    @Override
    public void writeTo(OutputStream out, String @Nullable [] ignoreList) throws IOException {
        out.write(bytes);
        out.flush();
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        writeTo(out, null);
    }

    /** Names the mail without its content: logs and traces print bodies like this. */
    @Override
    public String toString() {
        return "mail " + messageId;
    }
}
