package org.signupmailer.relay;

import java.time.Duration;

/**
 * How connections to one relay are used. Settings: {@code mailer.relays.<name>.max-connections} and so on; a change
 * needs a restart.
 *
 * @param maxConnections     open at the same time, at least 1
 * @param mailsPerConnection mails before a connection is retired, at least 1
 * @param idle               how long an unused connection is kept; shorter than what the provider allows, so that it is
 *                           ours to close
 * @param maxAge             how long a connection lives, so that changes of DNS and certificates are noticed
 * @param connectTimeout     for the TCP connection
 * @param readTimeout        for each reply
 */
public record ConnectionLimits(
        int maxConnections,
        int mailsPerConnection,
        Duration idle,
        Duration maxAge,
        Duration connectTimeout,
        Duration readTimeout) {

    /**
     * 20 connections, 100 mails each, 30 s idle, 10 min old, 5 s to connect, 30 s for a reply.
     *
     * <p>RFC 5321 4.5.3.2 grants a server 5 to 10 minutes per reply. That is for servers that pass mail on and have
     * days; here a person waits for a code that lives some 10 minutes. 30 s leave time for the slow content checks of a
     * healthy relay - giving up earlier after the final dot would make the outcome uncertain and perhaps the mail
     * double - and still let the next relays deliver while the code is of use.
     */
    public static final ConnectionLimits DEFAULTS = new ConnectionLimits(
            20, 100, Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofSeconds(5), Duration.ofSeconds(30));

    public ConnectionLimits {
        if (maxConnections < 1 || mailsPerConnection < 1) {
            throw new IllegalArgumentException("a relay needs at least 1 connection with 1 mail");
        }
        if (!isPositive(idle) || !isPositive(maxAge) || !isPositive(connectTimeout) || !isPositive(readTimeout)) {
            throw new IllegalArgumentException("a time of a relay's connections must be positive");
        }
    }

    /**
     * The defaults, lowered to what the preset knows. An idle connection is left after four fifths of the time that the
     * provider grants, so that a mail never races with the provider's closing.
     */
    static ConnectionLimits defaultsFor(ProviderPreset preset) {
        ProviderPreset.Limits known = preset.limits();
        Integer connections = known.connections();
        Integer mails = known.mailsPerConnection();
        Duration closesIdle = known.closesIdleAfter();
        Duration leave =
                closesIdle == null ? DEFAULTS.idle : closesIdle.multipliedBy(4).dividedBy(5);
        return new ConnectionLimits(
                connections == null ? DEFAULTS.maxConnections : Math.min(DEFAULTS.maxConnections, connections),
                mails == null ? DEFAULTS.mailsPerConnection : Math.min(DEFAULTS.mailsPerConnection, mails),
                leave.compareTo(DEFAULTS.idle) < 0 ? leave : DEFAULTS.idle,
                DEFAULTS.maxAge,
                DEFAULTS.connectTimeout,
                DEFAULTS.readTimeout);
    }

    /**
     * For each reply from the greeting to the login: twice the time to connect, at most the time for a reply. Nothing is
     * risked by giving up early there, and a machine that takes connections and never greets is no better than one that
     * takes none.
     */
    Duration openingTimeout() {
        Duration opening = connectTimeout.multipliedBy(2);
        return opening.compareTo(readTimeout) < 0 ? opening : readTimeout;
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }
}
