package org.signupmailer.chain;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The ways into the routes that other routes call: {@code relay:} and {@code direct:}. */
public final class Doors {

    private final ConcurrentMap<String, Door> doors = new ConcurrentHashMap<>();

    /**
     * The door to whatever route begins with this endpoint, now or later.
     *
     * @param uri in any spelling that Camel knows: {@code direct:a}, {@code direct://a?timeout=1}
     */
    public Door to(String uri) {
        return doors.computeIfAbsent(plain(uri), name -> new Door());
    }

    static String plain(String uri) {
        int colon = uri.indexOf(':');
        return colon < 0 ? uri : uri.substring(0, colon + 1) + RelayComponent.plainName(uri.substring(colon + 1));
    }
}
