package org.signupmailer.chain;

import org.apache.camel.Processor;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.Suspendable;
import org.apache.camel.spi.ShutdownAware;
import org.apache.camel.support.DefaultConsumer;

/** Takes mail for one place of the chain while its route runs. */
final class RelayConsumer extends DefaultConsumer implements Suspendable, ShutdownAware {

    private final RelayEndpoint endpoint;

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

    // When all stops, the mails in flight still need their relays; one route that is stopped alone is left at once.
    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        return endpoint.getCamelContext().isStopping();
    }

    @Override
    public int getPendingExchangesSize() {
        return 0;
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        // Nothing is queued here.
    }

    @Override
    protected void doShutdown() throws Exception {
        super.doShutdown();
        Place place = place();
        if (place.consumer() == null) {
            endpoint.component().forget(place);
        }
    }
}
