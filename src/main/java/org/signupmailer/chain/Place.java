package org.signupmailer.chain;

import org.jspecify.annotations.Nullable;

/** One relay's place in the chain: who takes mail there, if its route runs, and who is next. */
final class Place {

    private final String name;
    private final Door door;
    private volatile @Nullable RelayConsumer consumer;
    private volatile @Nullable String next;

    Place(String name, Door door) {
        this.name = name;
        this.door = door;
    }

    String name() {
        return name;
    }

    Door door() {
        return door;
    }

    /** Where mail goes until a route takes it here. */
    synchronized void passTo(String next) {
        if (consumer == null) {
            this.next = next;
        }
    }

    synchronized void open(RelayConsumer consumer, String next) {
        RelayConsumer other = this.consumer;
        if (other != null && other != consumer) {
            throw new IllegalStateException("Two routes take mail for relay:" + name + "; only one can");
        }
        this.next = next;
        this.consumer = consumer;
    }

    /** Mail goes to the next place from now on, also when the route is gone for good: what waits for it is not lost. */
    synchronized void close(RelayConsumer consumer) {
        if (this.consumer == consumer) {
            this.consumer = null;
        }
    }

    @Nullable
    RelayConsumer consumer() {
        return consumer;
    }

    /** The endpoint behind this place; null when no route is there to take mail. */
    @Nullable
    String next() {
        return next;
    }
}
