package org.signupmailer.route;

import java.time.Clock;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.Endpoint;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.component.mail.DefaultJavaMailSender;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.DefaultConsumer;
import org.apache.camel.support.DefaultEndpoint;
import org.jspecify.annotations.Nullable;
import org.signupmailer.chain.Doors;
import org.signupmailer.chain.RelayComponent;
import org.signupmailer.deadletter.DeadLettersComponent;
import org.signupmailer.deadletter.ReplayRuns;
import org.springframework.objenesis.SpringObjenesis;

/**
 * A Camel context in which routes are built and never run: it has the components, beans and settings that the running
 * one has, but none of them reads, sends or knows anybody.
 */
final class Scratch implements AutoCloseable {

    private final DefaultCamelContext camel = new DefaultCamelContext(false);

    Scratch(Surroundings surroundings) {
        camel.getCamelContextExtension().setName("routes-check");
        camel.disableJMX();
        camel.setLoadTypeConverters(false);
        camel.setAutoStartup(false);
        camel.getPropertiesComponent().addPropertiesSource(settings(surroundings));
        camel.addComponent("relay", new RelayComponent(new Doors()));
        camel.addComponent("signup-events", new NoEvents());
        // Without their constructors: of a bean that is never called only the class counts.
        SpringObjenesis instances = new SpringObjenesis();
        camel.addComponent(
                "dead-letters", new DeadLettersComponent(instances.newInstance(ReplayRuns.class), Clock.systemUTC()));
        RouteBeans.types().forEach((name, type) -> camel.getRegistry().bind(name, instances.newInstance(type)));
        surroundings.knownRelays().forEach(this::bindRelay);
        camel.build();
    }

    void bindRelay(String name) {
        camel.getRegistry().bind("relay-" + name, new DefaultJavaMailSender());
    }

    CamelContext camel() {
        return camel;
    }

    /** Builds the routes as a start would. */
    void build(RouteFiles files) throws Exception {
        camel.getCamelContextExtension()
                .getContextPlugin(Model.class)
                .addRouteDefinitions(RouteLoader.load(files, camel).values());
        camel.start();
    }

    private static PropertiesSource settings(Surroundings surroundings) {
        return new PropertiesSource() {
            @Override
            public String getName() {
                return "settings";
            }

            @Override
            public @Nullable String getProperty(String name) {
                return surroundings.settings().apply(name);
            }
        };
    }

    @Override
    public void close() {
        camel.stop();
    }

    /** Stands for the component that reads Kafka. */
    private static final class NoEvents extends DefaultComponent {

        @Override
        protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) {
            return new DefaultEndpoint(uri, this) {
                @Override
                public Producer createProducer() {
                    throw new UnsupportedOperationException("signup-events: only brings events in; take the step out");
                }

                @Override
                public Consumer createConsumer(Processor processor) {
                    return new DefaultConsumer(this, processor);
                }
            };
        }
    }
}
