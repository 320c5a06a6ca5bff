package org.signupmailer.route;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.camel.CamelContext;
import org.apache.camel.model.Model;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.signupmailer.chain.Doors;
import org.signupmailer.live.EditHealth;
import org.signupmailer.live.EditState;
import org.signupmailer.live.Edited;
import org.signupmailer.live.History;
import org.signupmailer.relay.Relays;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class RouteConfiguration {

    @Bean
    RoutesCheck routesCheck(Environment environment, Relays relays) {
        return new RoutesCheck(Surroundings.of(environment, relays.all()));
    }

    @Bean
    RoutesAtStart routesAtStart(@Value("${mailer.routes-dir}") Path folder, RoutesCheck check) {
        return new RoutesAtStart(RouteFiles.read(folder), check);
    }

    @Bean
    EditState routesState(MeterRegistry registry, Clock clock) {
        return new EditState("routes", "signup.mailer.route", registry, clock);
    }

    @Bean
    History routesHistory(
            @Value("${mailer.history-dir}") Path place, @Value("${mailer.routes-dir}") Path folder, Clock clock) {
        return new History(Edited.ROUTES, place, folder, clock);
    }

    @Bean
    LiveRoutes liveRoutes(
            RoutesAtStart atStart,
            RoutesCheck check,
            CamelContext camel,
            Doors doors,
            @Qualifier("routesState") EditState state,
            @Qualifier("routesHistory") History history) {
        return new LiveRoutes(RouteSet.of(atStart.files()), check, new RouteSwap(camel, doors), state, history);
    }

    /** The component {@code routes} of health. */
    @Bean("routes")
    EditHealth routesHealth(@Qualifier("routesState") EditState state) {
        return new EditHealth(state);
    }

    @Bean
    RoutesMBean routesMBean(
            LiveRoutes live,
            RoutesCheck check,
            @Qualifier("routesState") EditState state,
            @Qualifier("routesHistory") History history) {
        return new RoutesMBean(live, check, state, history);
    }

    @Bean
    CamelContextConfiguration startRoutes(RoutesAtStart atStart, LiveRoutes live) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext camel) {
                atStart.requireGood();
                try {
                    camel.getCamelContextExtension()
                            .getContextPlugin(Model.class)
                            .addRouteDefinitions(
                                    RouteLoader.load(atStart.files(), camel).values());
                } catch (Exception e) {
                    throw new IllegalStateException("The routes can't be loaded", e);
                }
            }

            @Override
            public void afterApplicationStart(CamelContext camel) {
                live.start();
            }
        };
    }
}
