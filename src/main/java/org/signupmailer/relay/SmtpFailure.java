package org.signupmailer.relay;

import org.jspecify.annotations.Nullable;

/** An SMTP conversation that did not reach its end: where it stopped, and what the server said, if it said anything. */
final class SmtpFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final SmtpPhase phase;
    private final transient @Nullable SmtpReply reply;

    SmtpFailure(SmtpPhase phase, SmtpReply reply) {
        super(reply.toString());
        this.phase = phase;
        this.reply = reply;
    }

    SmtpFailure(SmtpPhase phase, String what, @Nullable Throwable cause) {
        super(what, cause);
        this.phase = phase;
        this.reply = null;
    }

    SmtpPhase phase() {
        return phase;
    }

    @Nullable
    SmtpReply reply() {
        return reply;
    }
}
