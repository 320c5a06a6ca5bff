package org.signupmailer.chain;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;

/** An endpoint of {@link RelayComponent}. */
final class RelayEndpoint extends DefaultEndpoint {

    private final RelayComponent component;

    private final String name;

    private final @Nullable String next;

    RelayEndpoint(String uri, RelayComponent component, String name, @Nullable String next) {
        super(uri, component);
        this.component = component;
        this.name = name;
        this.next = next;
    }

    public String getName() {
        return name;
    }

    public @Nullable String getNext() {
        return next;
    }

    String requiredNext() {
        String value = next;
        if (value == null || value.isBlank()) {
            throw new IllegalStateException("from: relay:" + name
                    + " does not say where mail goes that this relay can't take; add the parameter next, such as"
                    + " next: relay:secondary, and for the last one next: direct:no-relay-took-it");
        }
        if (value.startsWith(RelayProducer.SCHEME)) {
            String other = RelayComponent.plainName(value.substring(RelayProducer.SCHEME.length()));
            if (other.equals(name) || other.equals(RelayComponent.NEXT)) {
                throw new IllegalStateException("from: relay:" + name + " has next: " + value
                        + ", which is no other place; name the relay behind it, such as relay:secondary");
            }
        }
        return value;
    }

    RelayComponent component() {
        return component;
    }

    @Override
    public Producer createProducer() {
        return new RelayProducer(this);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        if (name.equals(RelayComponent.NEXT)) {
            throw new IllegalArgumentException(
                    "from: relay:next is not a place; name the relay, such as relay:primary");
        }
        // Already now, so that a route that does not start by itself passes its mail on as well.
        component.place(name).passTo(requiredNext());
        RelayConsumer consumer = new RelayConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }

    @Override
    public boolean isLenientProperties() {
        return false;
    }
}
