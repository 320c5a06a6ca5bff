package org.signupmailer.relay;

import org.jspecify.annotations.Nullable;

/** An SMTP conversation that did not reach its end: where it stopped, and what the server said, if it said anything. */
public final class SmtpFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final SmtpPhase phase;
    private final transient @Nullable SmtpReply reply;
    private final Blame blame;

    /** What the failure says of the relay. */
    enum Blame {
        /** It failed. */
        RELAY,
        /** It was asked and can't take this mail, though it is well. */
        NOBODY,
        /** It was not asked at all. */
        NOT_TRIED
    }

    private SmtpFailure(
            SmtpPhase phase, @Nullable SmtpReply reply, String what, @Nullable Throwable cause, Blame blame) {
        // Expected, and thrown for every mail while a relay is down: a stack trace would say nothing and cost a lot.
        super(what, cause, false, false);
        this.phase = phase;
        this.reply = reply;
        this.blame = blame;
    }

    SmtpFailure(SmtpPhase phase, SmtpReply reply) {
        this(phase, reply, reply.toString(), null, Blame.RELAY);
    }

    SmtpFailure(SmtpPhase phase, String what, @Nullable Throwable cause) {
        this(phase, null, what, cause, Blame.RELAY);
    }

    /** The relay is well, but not made for this mail. */
    static SmtpFailure ofTheMail(SmtpPhase phase, String what) {
        return new SmtpFailure(phase, null, what, null, Blame.NOBODY);
    }

    /** It did not come to a conversation, for a reason of ours. */
    static SmtpFailure notTried(String what, @Nullable Throwable cause) {
        return new SmtpFailure(SmtpPhase.CONNECT, null, what, cause, Blame.NOT_TRIED);
    }

    /** How far the conversation came. */
    public SmtpPhase phase() {
        return phase;
    }

    /** What the server answered; null: nothing that can be read. */
    public @Nullable SmtpReply reply() {
        return reply;
    }

    Blame blame() {
        return blame;
    }
}
