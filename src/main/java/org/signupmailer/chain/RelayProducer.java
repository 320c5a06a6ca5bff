package org.signupmailer.chain;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ProducerCache;
import org.apache.camel.support.DefaultProducer;
import org.apache.camel.support.cache.DefaultProducerCache;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/** Hands a mail to a place of the chain, or to the first one behind it whose route runs. */
final class RelayProducer extends DefaultProducer {

    private static final String STAY = "SignupMailerChainPlace";
    static final String SCHEME = "relay:";

    /** A route is exchanged in some milliseconds, unless a relay keeps a mail waiting: then the next one is quicker. */
    private static final Duration WHILE_EXCHANGED = Duration.ofMillis(700);

    private final RelayEndpoint endpoint;
    private final ProducerCache others;

    RelayProducer(RelayEndpoint endpoint) {
        super(endpoint);
        this.endpoint = endpoint;
        this.others = new DefaultProducerCache(this, endpoint.getCamelContext(), 10);
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        String target = endpoint.getName().equals(RelayComponent.NEXT) ? behind(exchange) : SCHEME + endpoint.getName();
        Set<String> passed = new HashSet<>();
        while (target.startsWith(SCHEME)) {
            String name = RelayComponent.plainName(target.substring(SCHEME.length()));
            Place place = endpoint.component().place(name);
            if (!passed.add(name) || isInside(exchange, place)) {
                throw new IllegalStateException(
                        "The chain of relays runs in a circle at relay:" + name + "; mend the next parameters");
            }
            if (handedTo(place, exchange)) {
                return;
            }
            target = next(place);
        }
        Endpoint other = endpoint.getCamelContext().getEndpoint(target);
        others.send(other, exchange, null);
    }

    // False if nobody takes mail there now.
    private static boolean handedTo(Place place, Exchange exchange) throws Exception {
        if (!place.door().enter(WHILE_EXCHANGED)) {
            return false;
        }
        try {
            RelayConsumer consumer = place.consumer();
            if (consumer == null || !consumer.enter()) {
                return false;
            }
            try {
                hand(exchange, place, consumer);
            } finally {
                consumer.leave();
            }
            return true;
        } finally {
            place.door().leave();
        }
    }

    private String behind(Exchange exchange) {
        Stay stay = exchange.getProperty(STAY, Stay.class);
        if (stay == null) {
            throw new IllegalStateException(
                    "relay:next has no meaning here: the mail was at no relay yet; name one, such as relay:primary");
        }
        return next(stay.place);
    }

    private String next(Place place) {
        @Nullable String next = place.next();
        if (next == null) {
            endpoint.component().forget(place);
            throw new IllegalStateException("No route takes mail for relay:" + place.name()
                    + "; add one with from: relay:" + place.name() + ", or correct the name");
        }
        return next;
    }

    // A relay's route hands a mail on from within itself, so the places where it failed are still around it.
    private static void hand(Exchange exchange, Place place, RelayConsumer consumer) throws Exception {
        @Nullable Stay outer = exchange.getProperty(STAY, Stay.class);
        exchange.setProperty(STAY, new Stay(place, outer));
        try {
            consumer.getProcessor().process(exchange);
        } finally {
            if (outer == null) {
                exchange.removeProperty(STAY);
            } else {
                exchange.setProperty(STAY, outer);
            }
        }
    }

    private static boolean isInside(Exchange exchange, Place place) {
        for (Stay stay = exchange.getProperty(STAY, Stay.class); stay != null; stay = stay.outer) {
            if (stay.place == place) {
                return true;
            }
        }
        return false;
    }

    /** Where a mail is, and within which other places. */
    private record Stay(Place place, @Nullable Stay outer) {}

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        ServiceHelper.startService(others);
    }

    @Override
    protected void doStop() throws Exception {
        ServiceHelper.stopService(others);
        super.doStop();
    }
}
