package org.signupmailer.testing.kafka;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for a server that must come back on the same one. They are taken from below the range that operating systems
 * use for outgoing connections (32768 and up), so that no passing connection sits on the port while the server is down.
 */
public final class FreePorts {

    private static final int LOWEST = 12_000;
    private static final int ABOVE_HIGHEST = 32_000;
    private static final int ATTEMPTS = 200;

    private FreePorts() {}

    /** A port on which nobody listened a moment ago. */
    public static int any() {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, ABOVE_HIGHEST);
            if (isFree(port)) {
                return port;
            }
        }
        throw new IllegalStateException("No free port between " + LOWEST + " and " + ABOVE_HIGHEST);
    }

    /** Whether somebody could listen on this port now, both on loopback alone and on all interfaces. */
    public static boolean isFree(int port) {
        // Some systems let two servers share a port when one of them names its address: both ways must be open.
        return canBind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                && canBind(new InetSocketAddress(port));
    }

    private static boolean canBind(InetSocketAddress address) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(address);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
