package org.signupmailer.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.Model;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.signupmailer.chain.Doors;
import org.signupmailer.chain.RelayComponent;

/** What an edit does to the routes that run. */
@Timeout(60)
class RouteSwapTest {

    private static final String ROUTES = """
            - routeConfiguration:
                id: failover
                onException:
                  - onException:
                      id: failure
                      exception:
                        - java.lang.Exception
                      handled:
                        constant: "true"
                      steps:
                        - to:
                            id: to-next
                            uri: relay:next
            - route:
                id: a
                description: first
                routeConfigurationId: failover
                from:
                  uri: relay:a
                  parameters:
                    next: relay:b
                  steps:
                    - process:
                        id: do-a
                        ref: a
            - route:
                id: b
                description: first
                routeConfigurationId: failover
                from:
                  uri: relay:b
                  parameters:
                    next: direct:end
                  steps:
                    - process:
                        id: do-b
                        ref: b
            - route:
                id: end
                description: first
                from:
                  uri: direct:end
                  steps:
                    - process:
                        id: do-end
                        ref: end
            """;

    private final DefaultCamelContext camel = new DefaultCamelContext();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Doors doors = new Doors();
    private volatile Processor a = exchange -> exchange.getMessage().setBody("a");

    @TempDir
    Path folder;

    private RouteSwap swap;
    private RouteSet running;

    @BeforeEach
    void start() throws Exception {
        camel.addComponent("relay", new RelayComponent(doors));
        camel.getRegistry().bind("a", (Processor) exchange -> a.process(exchange));
        camel.getRegistry()
                .bind("b", (Processor) exchange -> exchange.getMessage().setBody("b"));
        camel.getRegistry()
                .bind("end", (Processor) exchange -> exchange.getMessage().setBody("end"));
        running = RouteSet.of(files(ROUTES));
        camel.getCamelContextExtension()
                .getContextPlugin(Model.class)
                .addRouteDefinitions(RouteLoader.load(running.files(), camel).values());
        camel.start();
        swap = new RouteSwap(camel, doors);
    }

    @AfterEach
    void stop() {
        camel.stop();
        threads.shutdownNow();
    }

    @Test
    void onlyTheChangedRouteIsExchanged() throws Exception {
        Route before = camel.getRoute("b");

        RouteSwap.Changes changes = edit(ROUTES.replaceFirst("description: first", "description: second"));

        assertThat(changes.changed()).containsExactly("a");
        assertThat(camel.getRoute("a").getDescription()).isEqualTo("second");
        assertThat(camel.getRoute("b")).isSameAs(before);
        assertThat(send()).isEqualTo("a");
    }

    @Test
    void commentsAndOrderOfRoutesChangeNothing() throws Exception {
        assertThat(edit("# a comment\n" + ROUTES.replace("\"true\"", "'true'")).none())
                .isTrue();
    }

    @Test
    void aRenamedRouteLeavesNoTwin() throws Exception {
        edit(ROUTES.replace("    id: a\n", "    id: renamed\n"));

        assertThat(camel.getRoutes()).extracting(Route::getRouteId).containsExactlyInAnyOrder("renamed", "b", "end");
        assertThat(send()).isEqualTo("a");
    }

    @Test
    void aChangedConfigurationReachesEveryRouteThatUsesIt() throws Exception {
        RouteSwap.Changes changes = edit(ROUTES.replace("uri: relay:next", "uri: direct:end"));

        assertThat(changes.changed()).containsExactly("a", "b");
        a = exchange -> {
            throw new IllegalStateException("expected by the test");
        };
        assertThat(send()).isEqualTo("end");
    }

    @Test
    void aRemovedRouteIsGone() throws Exception {
        edit(ROUTES.replace("next: relay:b", "next: direct:end")
                .replaceAll("(?s)- route:\\n    id: b\\n.*?(?=- route:)", ""));

        assertThat(camel.getRoute("b")).isNull();
        assertThat(send()).isEqualTo("a");
    }

    @Test
    void aRouteThatWasStoppedByHandStaysStopped() throws Exception {
        camel.getRouteController().stopRoute("a");

        edit(ROUTES.replaceFirst("description: first", "description: second"));

        assertThat(camel.getRouteController().getRouteStatus("a")).isEqualTo(ServiceStatus.Stopped);
        assertThat(send()).isEqualTo("b");
        camel.getRouteController().startRoute("a");
        assertThat(send()).isEqualTo("a");
    }

    @Test
    void aChangedAutoStartupStopsAndStartsARoute() throws Exception {
        String out = ROUTES.replaceFirst("description: first", "description: first\n    autoStartup: false");
        edit(out);
        assertThat(send()).isEqualTo("b");

        edit(ROUTES);
        assertThat(send()).isEqualTo("a");
    }

    @Test
    void mailInsideComesToItsEndAndNewMailWaitsMeanwhile() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        a = exchange -> {
            inside.countDown();
            assertThat(goOn.await(20, TimeUnit.SECONDS)).isTrue();
            exchange.getMessage().setBody("old a");
        };
        CompletableFuture<String> old = CompletableFuture.supplyAsync(this::send, threads);
        assertThat(inside.await(20, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<RouteSwap.Changes> editing = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return edit(ROUTES.replaceFirst("description: first", "description: second"));
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                threads);

        // A silent relay: what comes now does not wait for it for long.
        a = exchange -> exchange.getMessage().setBody("a");
        assertThat(CompletableFuture.supplyAsync(this::send, threads).get(20, TimeUnit.SECONDS))
                .isIn("a", "b");
        assertThat(editing).isNotDone();
        goOn.countDown();

        assertThat(old.get(20, TimeUnit.SECONDS)).isEqualTo("old a");
        assertThat(editing.get(20, TimeUnit.SECONDS).changed()).containsExactly("a");
        assertThat(send()).isEqualTo("a");
    }

    @Test
    void whenARouteCanNotBeMadeAllIsAsBefore() throws Exception {
        String broken =
                ROUTES.replaceFirst("description: first", "description: second").replace("ref: end", "ref: nowhere");

        assertThatThrownBy(() -> edit(broken)).isInstanceOf(RouteSwap.Failed.class);

        assertThat(camel.getRoute("a").getDescription()).isEqualTo("first");
        assertThat(camel.getRoutes()).extracting(Route::getRouteId).containsExactlyInAnyOrder("a", "b", "end");
        assertThat(camel.getRoutes())
                .allSatisfy(route -> assertThat(camel.getRouteController().getRouteStatus(route.getRouteId()))
                        .isEqualTo(ServiceStatus.Started));
        assertThat(send()).isEqualTo("a");
        edit(ROUTES.replaceFirst("description: first", "description: third"));
        assertThat(camel.getRoute("a").getDescription()).isEqualTo("third");
    }

    @Test
    void callersComeBeforeWhomTheyCall() throws Exception {
        assertThat(running.callersFirst()).isEqualTo(List.of("a", "b", "end"));
    }

    private RouteSwap.Changes edit(String routes) throws Exception {
        RouteSet next = RouteSet.of(files(routes));
        RouteSwap.Changes changes = swap.apply(running, next);
        running = next;
        return changes;
    }

    private RouteFiles files(String routes) throws IOException {
        Files.writeString(folder.resolve("all.camel.yaml"), routes);
        return RouteFiles.read(folder);
    }

    private String send() {
        return camel.createProducerTemplate().requestBody("relay:a", "mail", String.class);
    }
}
