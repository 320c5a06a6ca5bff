package org.signupmailer.deadletter;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultEndpoint;

/**
 * The Camel component {@code dead-letters:}: {@code from: dead-letters:replay} brings the dead letters that may be sent
 * into a route, one after another, and stops the route behind the last one. The parameters {@code reason},
 * {@code since}, {@code until}, {@code type}, {@code recipient} narrow them.
 */
public final class DeadLettersComponent extends DefaultComponent {

    private final ReplayRuns runs;
    private final Clock clock;

    /** @param clock tells what {@code since: 24h} means */
    public DeadLettersComponent(ReplayRuns runs, Clock clock) {
        this.runs = runs;
        this.clock = clock;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
        if (!remaining.equals("replay")) {
            throw new IllegalArgumentException(
                    "dead-letters:" + remaining + " is not known; write dead-letters:replay");
        }
        String reason = getAndRemoveParameter(parameters, "reason", String.class, "");
        String since = getAndRemoveParameter(parameters, "since", String.class, "");
        String until = getAndRemoveParameter(parameters, "until", String.class, "");
        String type = getAndRemoveParameter(parameters, "type", String.class, "");
        String recipient = getAndRemoveParameter(parameters, "recipient", String.class, "");
        boolean superseded = getAndRemoveParameter(parameters, "superseded", Boolean.class, false);
        // Read again at each start: "24h" means before that start.
        Orders orders = () -> new ReplayOrder(
                DeadLetterFilter.of(List.of(reason), since, until, type, recipient, List.of(), clock),
                superseded,
                false);
        orders.now();
        return new ReplayEndpoint(uri, this, orders);
    }

    ReplayRuns runs() {
        return runs;
    }

    /** What the route's own parameters ask for. */
    interface Orders {
        ReplayOrder now();
    }

    private static final class ReplayEndpoint extends DefaultEndpoint {

        private final DeadLettersComponent component;
        private final Orders orders;

        private ReplayEndpoint(String uri, DeadLettersComponent component, Orders orders) {
            super(uri, component);
            this.component = component;
            this.orders = orders;
        }

        @Override
        public Producer createProducer() {
            throw new UnsupportedOperationException("dead-letters:replay only brings dead letters in");
        }

        @Override
        public Consumer createConsumer(Processor processor) throws Exception {
            ReplayConsumer consumer = new ReplayConsumer(this, processor, component.runs(), orders);
            configureConsumer(consumer);
            return consumer;
        }
    }
}
