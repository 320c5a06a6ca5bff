package org.signupmailer.chain;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.component.direct.DirectComponent;
import org.apache.camel.component.direct.DirectEndpoint;
import org.apache.camel.support.DefaultAsyncProducer;
import org.apache.camel.support.service.ServiceHelper;

/** An endpoint of {@link GuardedDirectComponent}. */
final class GuardedDirectEndpoint extends DirectEndpoint {

    /** There is no other way for who goes here, and a hold is over in a moment or given up. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Door door;

    GuardedDirectEndpoint(String uri, DirectComponent component, Door door) {
        super(uri, component);
        this.door = door;
    }

    @Override
    public Producer createProducer() throws Exception {
        return new Guarded((AsyncProducer) super.createProducer());
    }

    private final class Guarded extends DefaultAsyncProducer {

        private final AsyncProducer direct;

        private Guarded(AsyncProducer direct) {
            super(GuardedDirectEndpoint.this);
            this.direct = direct;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            try {
                if (!door.enter(PATIENCE)) {
                    throw new RejectedExecutionException(
                            "The route behind " + getEndpointUri() + " is being exchanged and does not come back");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                exchange.setException(e);
                callback.done(true);
                return true;
            } catch (RejectedExecutionException e) {
                exchange.setException(e);
                callback.done(true);
                return true;
            }
            return direct.process(exchange, done -> {
                door.leave();
                callback.done(done);
            });
        }

        @Override
        protected void doStart() throws Exception {
            super.doStart();
            ServiceHelper.startService(direct);
        }

        @Override
        protected void doStop() throws Exception {
            ServiceHelper.stopService(direct);
            super.doStop();
        }
    }
}
