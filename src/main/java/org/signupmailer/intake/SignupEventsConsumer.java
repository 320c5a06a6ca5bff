package org.signupmailer.intake;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.Suspendable;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.signupmailer.delivery.Delivery;
import org.signupmailer.event.SignupEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the reading loop while its route runs, and sends each event through the route. */
final class SignupEventsConsumer extends DefaultConsumer implements Suspendable, Reading {

    private static final Logger LOG = LoggerFactory.getLogger(SignupEventsConsumer.class);
    private static final String EVENT_TYPE = "eventType";
    private static final String EVENT_LOCALE = "eventLocale";
    private static final String EVENT_ID = "eventId";

    private final SignupEventsEndpoint endpoint;
    private volatile @Nullable ReadingLoop loop;

    SignupEventsConsumer(SignupEventsEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        SignupEventsComponent.Parts parts = endpoint.component().parts();
        Dispatcher dispatcher = new Dispatcher(parts, this::deliver);
        ReadingLoop started =
                new ReadingLoop(parts.settings(), endpoint.getTopic(), parts.ledger(), dispatcher, parts.news());
        started.start();
        this.loop = started;
    }

    @Override
    protected void doStop() throws Exception {
        ReadingLoop running = loop;
        if (running != null) {
            // What is in a route has been waited for by Camel, 17 s at most; this is for what is being recorded.
            running.stop(5, TimeUnit.SECONDS);
            loop = null;
        }
        super.doStop();
    }

    // Suspended, the process stays in its group and keeps its partitions, so that resuming costs no rebalance.
    @Override
    protected void doSuspend() {
        ReadingLoop running = loop;
        if (running != null) {
            running.pause(true);
        }
    }

    @Override
    protected void doResume() {
        ReadingLoop running = loop;
        if (running != null) {
            running.pause(false);
        }
    }

    @Override
    public String state() {
        ReadingLoop running = loop;
        return running == null ? "stopped: the route does not run" : running.state();
    }

    @Override
    public int inFlight() {
        ReadingLoop running = loop;
        return running == null ? 0 : running.inFlight();
    }

    @Override
    public int waiting() {
        ReadingLoop running = loop;
        return running == null ? 0 : running.waiting();
    }

    @Override
    public long behind() {
        ReadingLoop running = loop;
        return running == null ? -1 : running.behind();
    }

    private CompletableFuture<Boolean> deliver(Delivery delivery, Runnable through) {
        Exchange exchange = createExchange(false);
        CompletableFuture<CompletableFuture<Boolean>> end = new CompletableFuture<>();
        // Camel's processors put what they throw into the exchange; whoever does not must not end an event twice.
        AtomicBoolean told = new AtomicBoolean();
        try {
            delivery.putInto(exchange);
            SignupEvent event = delivery.event();
            if (event != null) {
                // What operators' routes may decide by; nothing of it is a secret.
                exchange.setVariable(EVENT_TYPE, event.type());
                exchange.setVariable(EVENT_ID, event.id());
                if (event.locale() != null) {
                    exchange.setVariable(EVENT_LOCALE, event.locale());
                }
            }
            getAsyncProcessor().process(exchange, sync -> {
                if (told.getAndSet(true)) {
                    return;
                }
                try {
                    end.complete(ended(delivery, exchange, exchange.getException()));
                } catch (RuntimeException | Error e) {
                    end.completeExceptionally(e);
                }
                through.run();
            });
        } catch (RuntimeException e) {
            if (told.getAndSet(true)) {
                LOG.error("A step of the routes failed unexpectedly after it had called back", e);
            } else {
                end.complete(ended(delivery, exchange, e));
                through.run();
            }
        }
        return end.thenCompose(ended -> ended);
    }

    private CompletableFuture<Boolean> ended(Delivery delivery, Exchange exchange, @Nullable Throwable failure) {
        releaseExchange(exchange, false);
        if (!delivery.hasEnded()
                && (isStoppingOrStopped() || getEndpoint().getCamelContext().isStopping())) {
            // The routes behind may be stopped already: no fault of the event, which is read again after the start.
            return CompletableFuture.completedFuture(false);
        }
        return endpoint.component().parts().end().of(delivery, failure);
    }
}
