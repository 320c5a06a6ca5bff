package org.signupmailer.deadletter;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.signupmailer.topic.Plain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one replay from the start of its route to its end, and stops the route then. */
final class ReplayConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer.replay");
    private static final long STOP_MILLIS = 30_000;

    private final ReplayRuns runs;
    private final DeadLettersComponent.Orders orders;
    private @Nullable Thread thread;
    private volatile boolean stopping;
    private volatile boolean finished;

    ReplayConsumer(Endpoint endpoint, Processor processor, ReplayRuns runs, DeadLettersComponent.Orders orders) {
        super(endpoint, processor);
        this.runs = runs;
        this.orders = orders;
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        stopping = false;
        finished = false;
        ReplayOrder order = runs.take(orders.now());
        Thread started = new Thread(() -> replay(order), "replay");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    @Override
    protected void doStop() throws Exception {
        stopping = true;
        Thread running = thread;
        // The thread that stops its route itself waits for this.
        if (running != null && !finished) {
            running.join(STOP_MILLIS);
        }
        super.doStop();
    }

    private void replay(ReplayOrder order) {
        runs.run(order, this::hand, () -> stopping);
        finished = true;
        if (!stopping) {
            stopRoute();
        }
    }

    private void hand(DeadLetterReader.Place place, DeadLetter letter) throws IOException {
        Exchange exchange = createExchange(false);
        try {
            exchange.setProperty(ReplayStep.PLACE, place);
            exchange.setProperty(ReplayStep.LETTER, letter);
            // What operators' steps may decide by; nothing of it is a secret.
            exchange.setVariable("reason", letter.reason());
            exchange.setVariable("eventType", letter.type());
            exchange.setVariable("eventId", letter.id());
            getProcessor().process(exchange);
            Exception failed = exchange.getException();
            if (failed != null) {
                throw failed instanceof IOException told
                        ? told
                        : new IOException("A step of the route failed: " + Plain.text(failed.toString()), failed);
            }
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("A step of the route failed: " + Plain.text(e.toString()), e);
        } finally {
            releaseExchange(exchange, false);
        }
    }

    private void stopRoute() {
        String route = getRouteId();
        try {
            // A replay of nothing may be over before its route has started.
            for (int i = 0; i < 100 && !isStarted(); i++) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
            getEndpoint().getCamelContext().getRouteController().stopRoute(route);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.warn("The route {} could not be stopped after its replay: {}", route, e.getMessage());
        }
    }
}
