package org.signupmailer.doctor;

import java.net.Socket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.PortChoice;

/**
 * What became of connecting to one port.
 *
 * @param used    whether signup-mailer tries it with these settings
 * @param socket  connected, exactly when the port is open
 * @param problem of the network, for people; empty if there was none
 */
record PortState(
        PortChoice choice,
        boolean used,
        Kind kind,
        @Nullable Socket socket,
        Duration took,
        String problem) {

    enum Kind {
        OPEN,
        REFUSED,
        SILENT,
        UNREACHABLE
    }

    boolean open() {
        return kind == Kind.OPEN;
    }
}
