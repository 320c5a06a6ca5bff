package org.signupmailer.management;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;

/** Which names and addresses are this machine's own; asks no name server. */
final class LoopbackNames {

    private static final byte[] UNKNOWN = {};
    // Whoever has one IPv6 address has a whole network of them.
    private static final int IPV6_NETWORK_BYTES = 8;

    private LoopbackNames() {}

    /** Whether the host of a {@code Host} header, with or without port, can only mean this machine. */
    static boolean isLoopbackHost(String hostHeader) {
        String host = hostHeader.strip().toLowerCase(Locale.ROOT);
        int bracket = host.indexOf(']');
        if (host.startsWith("[") && bracket > 0) {
            host = host.substring(1, bracket);
        } else if (host.indexOf(':') == host.lastIndexOf(':') && host.indexOf(':') >= 0) {
            host = host.substring(0, host.indexOf(':'));
        }
        return host.equals("localhost") || host.endsWith(".localhost") || isLoopback(host);
    }

    static boolean isLoopback(String address) {
        byte[] bytes = bytes(address);
        try {
            return bytes.length > 0 && InetAddress.getByAddress(bytes).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** The network that an address belongs to: itself, or the first half of an IPv6 address; empty if it is none. */
    static byte[] network(String address) {
        byte[] bytes = bytes(address);
        return bytes.length > IPV6_NETWORK_BYTES ? Arrays.copyOf(bytes, IPV6_NETWORK_BYTES) : bytes;
    }

    private static byte[] bytes(String address) {
        // Only what can't be a name, since a name would be looked up.
        String literal = address.contains("%") ? address.substring(0, address.indexOf('%')) : address;
        if (!literal.matches("\\d{1,3}(\\.\\d{1,3}){3}") && !literal.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            return UNKNOWN;
        }
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            return UNKNOWN;
        }
    }
}
