package org.signupmailer.chain;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultComponent;

/**
 * The Camel component {@code relay:}: {@code from: relay:primary?next=relay:secondary} is one relay's place in the
 * chain, {@code to: relay:primary} hands a mail to it, {@code to: relay:next} hands it to the one behind the place where
 * it just failed. It differs from {@code direct:} in one thing: a place whose route is stopped passes its mail on to
 * the next place instead of failing, so that an operator can take a relay out by stopping its route.
 */
@Component("relay")
public final class RelayComponent extends DefaultComponent {

    static final String NEXT = "next";

    private final ConcurrentMap<String, Place> places = new ConcurrentHashMap<>();
    private final Doors doors;

    /** @param doors by which routes are held while they are exchanged */
    public RelayComponent(Doors doors) {
        this.doors = doors;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        return new RelayEndpoint(
                uri, this, plainName(remaining), getAndRemoveParameter(parameters, NEXT, String.class));
    }

    /** Camel writes and reads {@code relay://primary?next=x} for {@code relay:primary?next=x}. */
    static String plainName(String uriWithoutScheme) {
        int start = uriWithoutScheme.startsWith("//") ? 2 : 0;
        int end = uriWithoutScheme.indexOf('?');
        return uriWithoutScheme.substring(start, end < 0 ? uriWithoutScheme.length() : end);
    }

    Place place(String name) {
        return places.computeIfAbsent(name, unknown -> new Place(unknown, doors.to(RelayProducer.SCHEME + unknown)));
    }

    void forget(Place place) {
        places.remove(place.name(), place);
    }
}
