package org.signupmailer.chain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** A relay's route that has never run is passed over like one that was stopped. */
class RelayRouteNotStartedTest {

    private final List<String> taken = new ArrayList<>();

    @Test
    void mailForARouteThatDoesNotStartByItselfGoesToTheNextPlace() throws Exception {
        CamelContext context = chain();
        try {
            context.start();
            context.createProducerTemplate().sendBody("direct:mail", "first");
            assertThat(taken).containsExactly("secondary");

            context.getRouteController().startRoute("relay-primary");
            context.createProducerTemplate().sendBody("direct:mail", "second");
            assertThat(taken).containsExactly("secondary", "primary");
        } finally {
            context.stop();
        }
    }

    private CamelContext chain() throws Exception {
        CamelContext context = new DefaultCamelContext();
        context.addComponent("relay", new RelayComponent(new Doors()));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:mail").to("relay:primary");
                from("relay:primary?next=relay:secondary")
                        .routeId("relay-primary")
                        .autoStartup(false)
                        .process(exchange -> taken.add("primary"));
                from("relay:secondary?next=direct:end").process(exchange -> taken.add("secondary"));
                from("direct:end").process(exchange -> taken.add("end"));
            }
        });
        return context;
    }
}
