package org.signupmailer.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.SendDefinition;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.signupmailer.SignupMailApplication;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The routes as they are shipped run, and explain themselves on a map. No broker and no relay is needed for that. */
@CamelSpringBootTest
@SpringBootTest(
        classes = SignupMailApplication.class,
        properties = {
            "mailer.env-file=",
            "server.port=0",
            "MANAGEMENT_PASSWORD=of-a-test",
            "KAFKA_BROKERS=127.0.0.1:1",
            "SMTP_HOST=127.0.0.1",
            "SMTP_PORT=1",
            "SMTP_FROM=no-reply@shop.example",
            "camel.main.name=shipped-routes",
            "spring.jmx.enabled=true",
            "spring.jmx.unique-names=true"
        })
// Else it would go on looking for its broker, and say so, among the tests that follow.
@DirtiesContext
class ShippedRoutesTest {

    @TempDir
    static Path folder;

    @Autowired
    private CamelContext camel;

    @DynamicPropertySource
    static void files(DynamicPropertyRegistry registry) {
        registry.add("mailer.history-dir", () -> folder.resolve("history").toString());
        registry.add("mailer.dead-letter-file", () -> folder.resolve("dead-letter.jsonl")
                .toString());
    }

    @Test
    void everyShippedRouteButTheReplayRunsAndHasADescription() {
        assertThat(camel.getRoutes()).extracting(Route::getRouteId).contains("signup-events", "dead-letter");
        for (Route route : camel.getRoutes()) {
            // A replay is started by an operator.
            boolean byHand = route.getRouteId().equals("replay-dead-letters");
            assertThat(camel.getRouteController().getRouteStatus(route.getRouteId()))
                    .as(route.getRouteId())
                    .isEqualTo(byHand ? ServiceStatus.Stopped : ServiceStatus.Started);
            assertThat(route.getDescription()).as(route.getRouteId()).isNotBlank();
        }
    }

    @Test
    void everySendingStepHasAnIdOfItsOwnAndADescription() {
        for (RouteDefinition route : ((ModelCamelContext) camel).getRouteDefinitions()) {
            route.getOutputs().stream().filter(SendDefinition.class::isInstance).forEach(step -> {
                assertThat(step.hasCustomIdAssigned()).as("id of %s", step).isTrue();
                assertThat(step.getDescriptionText())
                        .as("description of %s", step)
                        .isNotBlank();
            });
        }
    }
}
