package org.signupmailer.intake;

import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.support.DefaultEndpoint;

/** An endpoint of {@link SignupEventsComponent}: one topic of events. */
final class SignupEventsEndpoint extends DefaultEndpoint {

    private final SignupEventsComponent component;
    private final String topic;

    SignupEventsEndpoint(String uri, SignupEventsComponent component, String topic) {
        super(uri, component);
        this.component = component;
        this.topic = topic;
    }

    SignupEventsComponent component() {
        return component;
    }

    public String getTopic() {
        return topic;
    }

    @Override
    public Producer createProducer() {
        throw new UnsupportedOperationException(
                "signup-events: only brings events in; publish to the topic with a Kafka client instead of to: signup-events:"
                        + topic);
    }

    @Override
    public Consumer createConsumer(Processor processor) throws Exception {
        SignupEventsConsumer consumer = new SignupEventsConsumer(this, processor);
        configureConsumer(consumer);
        return consumer;
    }
}
