package org.signupmailer.chain;

import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;

/** Takes mail for one place of the chain while its route runs. */
final class RelayConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {

    private final RelayEndpoint endpoint;
    private final AtomicInteger inside = new AtomicInteger();

    RelayConsumer(RelayEndpoint endpoint, Processor processor) {
        super(endpoint, processor);
        this.endpoint = endpoint;
    }

    private Place place() {
        return endpoint.component().place(endpoint.getName());
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        place().open(this, endpoint.requiredNext());
    }

    @Override
    protected void doStop() throws Exception {
        place().close(this);
        super.doStop();
    }

    @Override
    protected void doSuspend() {
        place().close(this);
    }

    @Override
    protected void doResume() {
        place().open(this, endpoint.requiredNext());
    }

    /**
     * Lets one mail in, unless the place has been closed; then {@link #leave} must follow. A route that stops waits for
     * whoever is in, so that nobody steps into a route that is half gone.
     */
    boolean enter() {
        inside.incrementAndGet();
        if (place().consumer() == this) {
            return true;
        }
        inside.decrementAndGet();
        return false;
    }

    void leave() {
        inside.decrementAndGet();
    }

    // When all stops, the mails in flight still need their relays; one route that is stopped alone is left at once.
    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        return endpoint.getCamelContext().isStopping();
    }

    @Override
    public int getPendingExchangesSize() {
        return inside.get();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // Nothing is queued here.
    }
}
