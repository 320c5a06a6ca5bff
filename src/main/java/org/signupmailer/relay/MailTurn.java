package org.signupmailer.relay;

import org.jspecify.annotations.Nullable;

/**
 * One mail's turn at a connection: its envelope, its content, and behind that the envelope of the next one in line where
 * the relay offers PIPELINING: that "may be placed in the same group" (RFC 2920, 3.1), and saves the next mail a round
 * trip. It knows at every moment how far it came, because what a failure means depends on that.
 */
final class MailTurn extends SmtpTurn {

    // A larger mail may be broken off while it is written, and that it was is to be known for certain.
    private static final int TOGETHER = 32 * 1024;

    private final SmtpConnection connection;
    private final String from;
    private final byte[] fromLine;
    private final OutgoingMail mail;

    private Awaited awaited = Awaited.SENDER;
    private boolean together;
    private byte[] behind = SmtpConnection.NOTHING;
    private boolean behindIsBeingSaid;
    private @Nullable SmtpFailure refused;
    private @Nullable SmtpReply accepted;
    private @Nullable RuntimeException mistake;

    /** What the next reply answers. */
    private enum Awaited {
        SENDER,
        RECIPIENT,
        DATA,
        MAIL,
        RESET
    }

    /**
     * @param from the envelope's sender
     * @param fromLine the header's From line, which goes before the mail's own bytes
     */
    MailTurn(SmtpConnection connection, String from, byte[] fromLine, OutgoingMail mail) {
        this.connection = connection;
        this.from = from;
        this.fromLine = fromLine;
        this.mail = mail;
    }

    @Override
    void begin() {
        connection.comes(SmtpPhase.MAIL);
        if (connection.expects(mail)) {
            connection.expectNothing();
            together = true;
            listen(connection.lively());
        } else if (connection.expectsAnother()) {
            // It may be waiting for content, and would take the commands for that.
            throw new IllegalStateException("This connection waits for another mail");
        } else if (connection.lacksUtf8(from, mail)) {
            fail(SmtpFailure.ofTheMail(SmtpPhase.MAIL, "the relay does not take international addresses (SMTPUTF8)"));
        } else {
            connection.counts();
            together = connection.pipelines();
            say(together ? connection.group(from, mail) : connection.sender(from, mail));
        }
    }

    @Override
    void heard(SmtpReply reply) {
        switch (awaited) {
            case SENDER -> sender(reply);
            case RECIPIENT -> recipient(reply);
            case DATA -> data(reply);
            case MAIL -> answer(reply);
            case RESET -> reset(reply.code() / 100 == 2);
            default -> throw new IllegalStateException("nothing was asked: " + awaited);
        }
    }

    // Of commands that travel together the first refusal is the one to tell: what follows it is only its echo, or a
    // connection that closes.
    private void sender(SmtpReply reply) {
        if (reply.code() / 100 != 2) {
            refused = connection.refusal(reply);
            if (!together || !connection.usable()) {
                forget();
                return;
            }
        }
        connection.comes(SmtpPhase.RCPT);
        awaited = Awaited.RECIPIENT;
        if (together) {
            listen(connection.replyTime());
        } else {
            say(SmtpCommands.lines(SmtpCommands.rcptTo(mail.recipient())));
        }
    }

    private void recipient(SmtpReply reply) {
        if (refused == null && reply.code() / 100 != 2) {
            refused = connection.refusal(reply);
            if (!together || !connection.usable()) {
                forget();
                return;
            }
        }
        connection.comes(SmtpPhase.DATA);
        awaited = Awaited.DATA;
        if (together) {
            listen(connection.replyTime());
        } else {
            say(SmtpCommands.lines("DATA"));
        }
    }

    private void data(SmtpReply reply) {
        boolean goOn = reply.code() / 100 == 3;
        if (goOn && refused == null) {
            content();
            return;
        }
        if (goOn) {
            // It waits for a mail now that must not be sent; without a final dot it can't have one (RFC 5321, 4.1.1.4).
            connection.spoil();
        } else if (refused == null) {
            refused = connection.refusal(reply);
        }
        forget();
    }

    private void content() {
        awaited = Awaited.MAIL;
        behind = connection.envelopeAhead(from);
        byte[] content = mail.bytes();
        boolean whole = behind.length > 0 && content.length <= TOGETHER;
        if (whole) {
            // If it fails, the final dot may have left this machine, so nobody knows.
            connection.comes(SmtpPhase.FINAL_DOT);
        }
        // Else if it fails, not every byte left this machine, so the final dot, which is the last one, did not.
        DotStuffing stuffed = connection.stuffed(fromLine, content, whole ? behind : SmtpConnection.NOTHING);
        if (whole) {
            behind = SmtpConnection.NOTHING;
        }
        say(stuffed.bytes(), stuffed.length(), connection.replyTime());
    }

    @Override
    void said() {
        super.said();
        behindIsBeingSaid = false;
        if (awaited == Awaited.MAIL) {
            connection.comes(SmtpPhase.FINAL_DOT);
            if (behind.length > 0) {
                behindIsBeingSaid = true;
                say(behind);
                behind = SmtpConnection.NOTHING;
            }
        }
    }

    @Override
    void unsaid(SmtpFailure failure) {
        if (behindIsBeingSaid) {
            // The answer to this mail may be there all the same; for another one the connection is of no use.
            behindIsBeingSaid = false;
            connection.expectNothing();
            super.said();
        } else {
            super.unsaid(failure);
        }
    }

    private void answer(SmtpReply reply) {
        if (reply.code() / 100 == 2) {
            accepted = reply;
            end();
        } else {
            fail(connection.refusal(reply));
        }
    }

    // The refusal that led here is what is told, whatever becomes of RSET.
    private void forget() {
        if (connection.usable()) {
            awaited = Awaited.RESET;
            byte[] reset = SmtpCommands.lines("RSET");
            say(reset, reset.length, connection.lively());
        } else {
            end();
        }
    }

    private void reset(boolean done) {
        if (!done) {
            connection.spoil();
        }
        end();
    }

    @Override
    void lost(SmtpFailure failure) {
        fail(refused == null ? failure : refused);
    }

    @Override
    void broke(RuntimeException why) {
        mistake = why;
        end();
    }

    private void say(byte[] bytes) {
        say(bytes, bytes.length, connection.replyTime());
    }

    private void fail(SmtpFailure failure) {
        refused = failure;
        end();
    }

    OutgoingMail mail() {
        return mail;
    }

    /** What ended it that nobody foresaw; null: nothing. */
    @Nullable
    RuntimeException mistake() {
        return mistake;
    }

    /** Why the mail was not accepted, or, in phase {@link SmtpPhase#FINAL_DOT} without a reply, why nobody knows. */
    @Nullable
    SmtpFailure failure() {
        return refused;
    }

    /**
     * The relay's answer to the final dot, a 250.
     *
     * @throws SmtpFailure when there is none
     */
    SmtpReply accepted() throws SmtpFailure {
        if (mistake != null) {
            throw mistake;
        }
        if (refused != null) {
            throw refused;
        }
        if (accepted == null) {
            throw new IllegalStateException("the turn is not over");
        }
        return accepted;
    }
}
