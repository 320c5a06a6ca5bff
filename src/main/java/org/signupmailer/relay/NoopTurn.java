package org.signupmailer.relay;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a relay whether it is still there. */
final class NoopTurn extends SmtpTurn {

    private static final byte[] NOOP = "NOOP\r\n".getBytes(StandardCharsets.US_ASCII);

    private final Duration patience;
    private boolean answered;

    NoopTurn(Duration patience) {
        this.patience = patience;
    }

    @Override
    void begin() {
        say(NOOP, NOOP.length, patience);
    }

    @Override
    void heard(SmtpReply reply) {
        answered = reply.code() / 100 == 2;
        end();
    }

    @Override
    void lost(SmtpFailure failure) {
        end();
    }

    boolean answered() {
        return answered;
    }
}
