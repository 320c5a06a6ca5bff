package org.signupmailer.chain;

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

    private static final String CURRENT_PLACE = "SignupMailerChainPlace";
    private static final String SCHEME = "relay:";

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
            String name = name(target);
            if (!passed.add(name)) {
                throw new IllegalStateException(
                        "The chain of relays runs in a circle at relay:" + name + "; mend the next parameters");
            }
            Place place = endpoint.component().place(name);
            RelayConsumer consumer = place.consumer();
            if (consumer != null) {
                exchange.setProperty(CURRENT_PLACE, place);
                consumer.getProcessor().process(exchange);
                return;
            }
            target = next(place);
        }
        Endpoint other = endpoint.getCamelContext().getEndpoint(target);
        others.send(other, exchange, null);
    }

    private String behind(Exchange exchange) {
        Place place = exchange.getProperty(CURRENT_PLACE, Place.class);
        if (place == null) {
            throw new IllegalStateException(
                    "relay:next has no meaning here: the mail was at no relay yet; name one, such as relay:primary");
        }
        return next(place);
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

    private static String name(String target) {
        int end = target.indexOf('?');
        return target.substring(SCHEME.length(), end < 0 ? target.length() : end);
    }

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
