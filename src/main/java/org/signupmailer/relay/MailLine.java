package org.signupmailer.relay;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to a relay over an open connection, for which nobody waits: turn after turn is led by {@link SmtpLoop}'s
 * thread, but for the first words of some. What comes unasked between two turns is noticed at once.
 */
final class MailLine implements SmtpLoop.Led {

    private static final Logger LOG = LoggerFactory.getLogger(MailLine.class);

    private final SmtpConnection connection;
    private final Wire wire;
    private final ReplyReader replies;
    private final SmtpLoop loop;

    // All that follows, and what is said and heard, is guarded by this object's lock; each hold of it is short.
    private @Nullable SelectionKey key;
    private @Nullable SmtpTurn turn;
    private @Nullable Runnable over;
    // To be run once the lock is let go: it may take another connection's turn.
    private @Nullable Runnable told;
    private @Nullable ByteBuffer unsaid;
    private boolean waits;
    private long deadline;
    private volatile boolean quiet = true;

    MailLine(SmtpConnection connection, Wire wire, ReplyReader replies, SmtpLoop loop) {
        this.connection = connection;
        this.wire = wire;
        this.replies = replies;
        this.loop = loop;
    }

    /** Whether nothing has come that nobody asked for. */
    boolean isQuiet() {
        return quiet;
    }

    /** @param afterwards called once the turn is over, by the loop's thread, which must not be held up */
    void take(SmtpTurn next, Runnable afterwards) {
        loop.execute(() -> led(() -> begin(next, afterwards)));
    }

    /**
     * The same, but its first words are said by this thread, which spares the mail the way to the loop's. Who has many mails
     * to see to leaves them to a loop that is awake. It may be told here and now that the turn is over.
     */
    void takeHere(SmtpTurn next, Runnable afterwards) {
        if (loop.isLedHere() || !isAdded()) {
            take(next, afterwards);
            return;
        }
        try {
            led(() -> begin(next, afterwards));
        } catch (RuntimeException | Error e) {
            // The words may be out; nobody but this turn may learn of it, and it must not go on.
            LOG.error("A conversation failed unexpectedly", e);
            failed(e);
        }
    }

    /** Whether the loop's thread would have to be woken for a turn. */
    boolean sleeps() {
        return loop.isAsleep();
    }

    private synchronized boolean isAdded() {
        return key != null;
    }

    private void led(Runnable step) {
        Runnable afterwards = null;
        try {
            synchronized (this) {
                try {
                    step.run();
                } finally {
                    afterwards = told;
                    told = null;
                }
            }
        } finally {
            // Also if the step failed behind the end of a turn, which it is told only here.
            tell(afterwards);
        }
    }

    // The connection may be another mail's by now: what fails here is no failure of its turn.
    private static void tell(@Nullable Runnable afterwards) {
        if (afterwards != null) {
            try {
                afterwards.run();
            } catch (RuntimeException | Error e) {
                LOG.error("What comes of a mail's conversation could not be told", e);
            }
        }
    }

    private void begin(SmtpTurn next, Runnable afterwards) {
        turn = next;
        over = afterwards;
        try {
            next.begin();
        } catch (RuntimeException | Error e) {
            connection.mistaken(next, e);
        }
        if (!quiet && !next.isOver()) {
            next.lost(connection.lost(new IOException("the server closed the connection")));
        }
        goOn();
    }

    @Override
    public void added(SelectionKey registered) {
        led(() -> {
            key = registered;
            // What came with the last reply before is not in the channel any more.
            if (wire.holdsSome()) {
                hear();
            }
        });
    }

    @Override
    public void ready() {
        led(this::hear);
    }

    private void hear() {
        SelectionKey registered = key;
        if (registered == null || !registered.isValid()) {
            return;
        }
        if (unsaid != null) {
            goOn();
            if (unsaid != null || !wire.holdsSome()) {
                return;
            }
        }
        do {
            try {
                if (!replies.fill(wire)) {
                    return;
                }
            } catch (IOException e) {
                broke(e);
                return;
            }
            if (turn == null) {
                hearUnasked();
            } else {
                goOn();
            }
        } while (unsaid == null && wire.holdsSome());
    }

    // A farewell (421), most of the time; whatever else it may be, the two are out of step.
    private void hearUnasked() {
        if (replies.hasUnread() && !connection.expectsAnother()) {
            replies.discard();
            quiet = false;
            connection.unasked();
        }
    }

    private void broke(IOException e) {
        quiet = false;
        if (key != null && key.isValid()) {
            // Closed by the other side it would be ready for ever.
            loop.listen(key, 0);
        }
        SmtpTurn current = turn;
        if (current == null) {
            connection.unasked();
            return;
        }
        fail(current, connection.lost(e));
    }

    private void fail(SmtpTurn current, SmtpFailure failure) {
        if (unsaid == null) {
            current.lost(failure);
        } else {
            listenAgain();
            current.unsaid(failure);
        }
        goOn();
    }

    // As far as it comes without waiting.
    private void goOn() {
        SmtpTurn current = turn;
        while (current != null) {
            if (current.isOver()) {
                finish();
                return;
            }
            if (unsaid != null || current.hasWords()) {
                if (!say(current)) {
                    return;
                }
                continue;
            }
            String reply;
            try {
                reply = replies.next();
            } catch (IOException e) {
                broke(e);
                return;
            }
            if (reply == null) {
                if (!waits) {
                    waits = true;
                    deadline = System.nanoTime() + current.patience().toNanos();
                }
                return;
            }
            waits = false;
            try {
                current.heard(connection.heard(reply));
            } catch (RuntimeException | Error e) {
                connection.mistaken(current, e);
            }
        }
    }

    // False if not all of it could be said now.
    private boolean say(SmtpTurn current) {
        SelectionKey registered = key;
        try {
            if (registered == null) {
                throw new IOException("the connection broke");
            }
            ByteBuffer words = unsaid;
            boolean begun = words != null;
            if (words == null) {
                words = ByteBuffer.wrap(current.words(), 0, current.length());
                deadline = System.nanoTime() + connection.replyTime().toNanos();
            }
            if (!wire.write(words)) {
                if (!begun) {
                    unsaid = words;
                    loop.listen(registered, SelectionKey.OP_WRITE);
                }
                return false;
            }
            if (begun) {
                listenAgain();
            }
        } catch (IOException | RuntimeException | Error e) {
            SmtpFailure failure = connection.lost(e instanceof IOException io ? io : new IOException(e));
            listenAgain();
            current.unsaid(failure);
            return true;
        }
        waits = false;
        current.said();
        return true;
    }

    private void listenAgain() {
        boolean wrote = unsaid != null;
        unsaid = null;
        if (wrote && key != null && key.isValid()) {
            loop.listen(key, SelectionKey.OP_READ);
        }
    }

    private void finish() {
        Runnable afterwards = over;
        turn = null;
        over = null;
        unsaid = null;
        waits = false;
        // More replies than commands, or those to the envelope that was sent ahead.
        hearUnasked();
        told = afterwards;
    }

    @Override
    public void look(long now) {
        led(() -> {
            SmtpTurn current = turn;
            if (current != null && now - deadline >= 0) {
                fail(current, connection.silence(unsaid == null ? current.patience() : connection.replyTime(), null));
            }
        });
    }

    /** Says these last words, if they can be said at once, and hangs up. */
    void close(byte[] lastWords) {
        loop.execute(() -> led(() -> {
            SelectionKey registered = key;
            if (registered != null && lastWords.length > 0 && unsaid == null && quiet) {
                try {
                    if (wire.write(ByteBuffer.wrap(lastWords))) {
                        wire.sayGoodbye();
                    }
                } catch (IOException e) {
                    quiet = false;
                }
            }
            hangUp();
        }));
    }

    @Override
    public void failed(Throwable why) {
        led(() -> {
            hangUp();
            connection.unasked();
            SmtpTurn current = turn;
            if (current != null) {
                connection.mistaken(current, why);
                finish();
            }
        });
    }

    @Override
    public void ended() {
        led(() -> {
            hangUp();
            SmtpTurn current = turn;
            if (current != null) {
                // No fault of the relay's; what becomes of the mail is seen after the next start.
                connection.spoil();
                SmtpFailure failure = SmtpFailure.notTried("signup-mailer is stopping", null);
                fail(current, failure);
                if (turn != null) {
                    // It went on without what could not be said, but no reply will come.
                    current.lost(failure);
                    goOn();
                }
            }
        });
    }

    private void hangUp() {
        quiet = false;
        connection.abort();
    }
}
