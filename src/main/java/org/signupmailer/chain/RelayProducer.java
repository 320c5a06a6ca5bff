package org.signupmailer.chain;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.spi.ProducerCache;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.cache.DefaultProducerCache;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands a mail to a place of the chain, or to the first one behind it whose route runs. */
final class RelayProducer extends DefaultAsyncProducer {

    private static final Logger LOG = LoggerFactory.getLogger(RelayProducer.class);
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
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            String target =
                    endpoint.getName().equals(RelayComponent.NEXT) ? behind(exchange) : SCHEME + endpoint.getName();
            Set<String> passed = new HashSet<>();
            while (target.startsWith(SCHEME)) {
                String name = RelayComponent.plainName(target.substring(SCHEME.length()));
                Place place = endpoint.component().place(name);
                if (!passed.add(name) || isInside(exchange, place)) {
                    throw new IllegalStateException(
                            "The chain of relays runs in a circle at relay:" + name + "; mend the next parameters");
                }
                RelayConsumer consumer = entered(place);
                if (consumer != null) {
                    return hand(exchange, place, consumer, callback);
                }
                target = next(place);
            }
            Endpoint other = endpoint.getCamelContext().getEndpoint(target);
            AsyncProducer producer = others.acquireProducer(other);
            return producer.process(exchange, sync -> {
                others.releaseProducer(other, producer);
                callback.done(sync);
            });
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            exchange.setException(e);
        } catch (RuntimeException e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }

    // Who takes mail there, with the mail inside; null if nobody takes mail there now.
    private static @Nullable RelayConsumer entered(Place place) throws InterruptedException {
        if (!place.door().enter(WHILE_EXCHANGED)) {
            return null;
        }
        RelayConsumer consumer = place.consumer();
        if (consumer == null || !consumer.enter()) {
            place.door().leave();
            return null;
        }
        return consumer;
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
    private static boolean hand(Exchange exchange, Place place, RelayConsumer consumer, AsyncCallback callback) {
        @Nullable Stay outer = exchange.getProperty(STAY, Stay.class);
        exchange.setProperty(STAY, new Stay(place, outer));
        AtomicBoolean inside = new AtomicBoolean(true);
        Runnable leave = () -> {
            if (outer == null) {
                exchange.removeProperty(STAY);
            } else {
                exchange.setProperty(STAY, outer);
            }
            consumer.leave();
            place.door().leave();
        };
        try {
            return consumer.getAsyncProcessor().process(exchange, sync -> {
                if (inside.getAndSet(false)) {
                    leave.run();
                    callback.done(sync);
                }
            });
        } catch (RuntimeException | Error e) {
            // Camel's processors put what they throw into the exchange; whoever does not must not keep the door.
            if (!inside.getAndSet(false)) {
                LOG.error("A step behind relay:{} failed unexpectedly", place.name(), e);
                return false;
            }
            leave.run();
            exchange.setException(e);
            callback.done(true);
            return true;
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
