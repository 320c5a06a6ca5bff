package org.signupmailer.testing.smtp;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * How the server acts at one step: it waits, then does one thing.
 *
 * @param ending what becomes of the connection
 * @param reply what is answered; null for what a well-behaved server would say
 * @param delay how long to wait before anything else
 * @param gate what else to wait for; null for nothing
 * @param perByte the pause before each byte of the answer; zero sends it at once
 * @param afterBytes how much of the mail to read before the connection ends; only in {@link Phase#DATA_BODY}
 */
record Action(
        Ending ending,
        @Nullable Reply reply,
        Duration delay,
        @Nullable CountDownLatch gate,
        Duration perByte,
        long afterBytes) {

    static final Action NORMAL = new Action(Ending.GO_ON, null, Duration.ZERO, null, Duration.ZERO, 0);

    enum Ending {
        /** Answer, then go on with the conversation. */
        GO_ON,
        /** Answer, then close. */
        CLOSE,
        /** Close without an answer. */
        DROP,
        /** Close without an answer, so that the client gets "connection reset". */
        RESET,
        /** Never answer; the connection stays open until the client gives up. */
        SILENCE
    }

    boolean isNormal() {
        return equals(NORMAL);
    }

    Action ending(Ending other) {
        return new Action(other, reply, delay, gate, perByte, afterBytes);
    }

    Action replying(Reply other) {
        return new Action(ending, other, delay, gate, perByte, afterBytes);
    }

    Action after(Duration other) {
        return new Action(ending, reply, other, gate, perByte, afterBytes);
    }

    Action heldBy(CountDownLatch other) {
        return new Action(ending, reply, delay, other, perByte, afterBytes);
    }

    Action dribbling(Duration other) {
        return new Action(ending, reply, delay, gate, other, afterBytes);
    }

    Action afterBytes(long other) {
        return new Action(ending, reply, delay, gate, perByte, other);
    }
}
