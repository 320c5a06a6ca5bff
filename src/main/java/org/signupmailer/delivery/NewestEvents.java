package org.signupmailer.delivery;

import java.util.HashMap;
import java.util.Map;
import org.signupmailer.event.SignupEvent;

/**
 * Knows, over all events that are read and not ended, which is the newest of its type for its recipient: after an outage
 * the newest code is mailed and no older one. Thread-safe.
 */
public final class NewestEvents {

    private final Map<Key, Newest> open = new HashMap<>();

    private record Key(String type, String recipient) {}

    private static final class Newest {
        private Origin origin;
        private String id;
        private int deliveries;

        private Newest(Origin origin, String id) {
            this.origin = origin;
            this.id = id;
        }
    }

    /** An event has been read. {@link #ended} must follow. */
    public synchronized void read(SignupEvent event, Origin origin) {
        Newest newest = open.computeIfAbsent(key(event), key -> new Newest(origin, event.id()));
        newest.deliveries++;
        if (origin.compareTo(newest.origin) > 0) {
            newest.origin = origin;
            newest.id = event.id();
        }
    }

    /** Whether a newer one has been read. The same event published twice does not supersede itself. */
    public synchronized boolean superseded(SignupEvent event, Origin origin) {
        Newest newest = open.get(key(event));
        return newest != null && newest.origin.compareTo(origin) > 0 && !newest.id.equals(event.id());
    }

    /** The event has ended, or is not this process's any more. */
    public synchronized void ended(SignupEvent event) {
        Key key = key(event);
        Newest newest = open.get(key);
        if (newest != null && --newest.deliveries == 0) {
            open.remove(key);
        }
    }

    private static Key key(SignupEvent event) {
        return new Key(event.type(), event.recipientKey());
    }
}
