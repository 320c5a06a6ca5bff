package org.signupmailer.relay;

import java.time.Duration;

/**
 * Something that is talked over with a relay, reply by reply. It says what to say and how long the answer may take, and
 * waits for nothing itself: a thread of its own may lead it, or one thread many of them.
 */
abstract class SmtpTurn {

    private byte[] words = {};
    private int length;
    private Duration patience = Duration.ZERO;
    private boolean over;

    /** To be called first, once. */
    abstract void begin();

    /** The relay's next reply. */
    abstract void heard(SmtpReply reply);

    /** No reply came, or none that can be read; no other one will. */
    abstract void lost(SmtpFailure failure);

    /** The words have left this machine, all of them. */
    void said() {
        length = 0;
    }

    /** The words could not be said, not all of them. */
    void unsaid(SmtpFailure failure) {
        length = 0;
        lost(failure);
    }

    /** A mistake of ours ended it. */
    void broke(RuntimeException why) {
        end();
    }

    /** Whether there is something to say before the next reply is waited for. */
    final boolean hasWords() {
        return length > 0 && !over;
    }

    /** Only the first {@link #length()} of them count. */
    final byte[] words() {
        return words;
    }

    final int length() {
        return length;
    }

    /** How long the next reply may take. */
    final Duration patience() {
        return patience;
    }

    final boolean isOver() {
        return over;
    }

    final void say(byte[] bytes, int count, Duration thenWait) {
        words = bytes;
        length = count;
        patience = thenWait;
    }

    final void listen(Duration wait) {
        patience = wait;
    }

    final void end() {
        over = true;
    }
}
