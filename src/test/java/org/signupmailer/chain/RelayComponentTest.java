package org.signupmailer.chain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Timeout(60)
@Execution(ExecutionMode.CONCURRENT)
class RelayComponentTest {

    private final CamelContext camel = new DefaultCamelContext();
    private final Map<String, Boolean> failing = new ConcurrentHashMap<>();
    private ProducerTemplate mail;

    @BeforeEach
    void start() {
        camel.addComponent("relay", new RelayComponent(new Doors()));
        camel.getShutdownStrategy().setTimeout(10);
        camel.start();
        mail = camel.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        camel.stop();
    }

    @Test
    void aFailedMailGoesFromPlaceToPlaceAndAtLastToTheEnd() throws Exception {
        chain();

        assertThat(way()).containsExactly("a");
        failing.put("a", true);
        assertThat(way()).containsExactly("a", "b");
        failing.put("b", true);
        assertThat(way()).containsExactly("a", "b", "c");
        failing.put("c", true);
        assertThat(way()).containsExactly("a", "b", "c", "end");
    }

    @Test
    void aStoppedPlacePassesItsMailOnAndTakesItAgainOnceStarted() throws Exception {
        chain();

        camel.getRouteController().stopRoute("a");
        assertThat(way()).containsExactly("b");
        camel.getRouteController().stopRoute("b");
        assertThat(way()).containsExactly("c");
        camel.getRouteController().suspendRoute("c");
        assertThat(way()).containsExactly("end");
        camel.getRouteController().resumeRoute("c");
        assertThat(way()).containsExactly("c");
        camel.getRouteController().startRoute("a");
        assertThat(way()).containsExactly("a");
    }

    @Test
    void aStoppedPlaceInTheMiddleIsPassedOverByWhatFailedBeforeIt() throws Exception {
        chain();
        failing.put("a", true);

        camel.getRouteController().stopRoute("b");

        assertThat(way()).containsExactly("a", "c");
    }

    @Test
    void aRemovedRouteStillPassesItsMailOnSoThatAReloadLosesNone() throws Exception {
        chain();

        camel.getRouteController().stopRoute("a");
        camel.removeRoute("a");

        assertThat(way()).containsExactly("b");
        place("a", "a2", "relay:c");
        assertThat(way()).containsExactly("a");
        failing.put("a", true);
        assertThat(way()).containsExactly("a", "c");
    }

    @Test
    void aCircleOfStoppedPlacesIsRefusedInOneSentence() throws Exception {
        place("a", "a", "relay:b");
        place("b", "b", "relay:a");
        camel.getRouteController().stopRoute("a");
        camel.getRouteController().stopRoute("b");

        assertThat(failure("relay:a"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("The chain of relays runs in a circle at relay:a; mend the next parameters");
    }

    @Test
    void aCircleOfFailingPlacesAsksEachOnlyOnce() throws Exception {
        place("a", "a", "relay:b");
        place("b", "b", "relay:a");
        failing.put("a", true);
        failing.put("b", true);

        Exchange exchange = send("relay:a");

        assertThat(exchange.getException())
                .hasMessage("The chain of relays runs in a circle at relay:a; mend the next parameters");
        assertThat(way(exchange)).containsExactly("a", "b");
    }

    @Test
    void aMailMayComeToTheSamePlaceASecondTimeOnceItHasLeftIt() throws Exception {
        chain();
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:twice").to("relay:a").to("relay:a");
            }
        });

        assertThat(way(send("direct:twice"))).containsExactly("a", "a");
    }

    @Test
    void aSecondRouteForTheSamePlaceIsRefused() throws Exception {
        chain();

        assertThatThrownBy(() -> place("a", "twin", "relay:c"))
                .hasStackTraceContaining("Two routes take mail for relay:a; only one can");
        assertThat(way()).containsExactly("a");
    }

    @Test
    void nextHasNoMeaningOutsideAPlace() throws Exception {
        chain();

        assertThat(failure("relay:next")).hasMessageContaining("the mail was at no relay yet");
        assertThat(failure("relay:next")).hasMessageContaining("name one, such as relay:primary");
    }

    @Test
    void aPlaceWithoutANextIsRefused() {
        assertThatThrownBy(() -> camel.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("relay:a").to("mock:a");
                    }
                }))
                .rootCause()
                .hasMessageContaining("from: relay:a does not say where mail goes")
                .hasMessageContaining("next: relay:secondary");
    }

    @Test
    void aNextThatIsNoOtherPlaceIsRefused() {
        for (String next : List.of("relay:a", "relay://a", "relay:next", "relay:a?next=relay:b")) {
            assertThatThrownBy(() -> place("a", "a", "RAW(" + next + ")"))
                    .rootCause()
                    .hasMessageContaining("which is no other place");
        }
    }

    @Test
    void nextIsNoNameForAPlace() {
        assertThatThrownBy(() -> place("next", "n", "relay:b"))
                .rootCause()
                .hasMessageContaining("from: relay:next is not a place");
    }

    @Test
    void anUnknownPlaceIsToldInOneSentence() throws Exception {
        chain();

        assertThat(failure("relay:secundary"))
                .hasMessage("No route takes mail for relay:secundary; add one with from: relay:secundary, or correct"
                        + " the name");
    }

    @Test
    void bothSpellingsOfAUriNameTheSamePlace() throws Exception {
        place("a", "a", "RAW(relay://b)");
        place("b", "b", "direct:end");
        end();
        failing.put("a", true);

        assertThat(way(send("relay://a"))).containsExactly("a", "b");
    }

    @Test
    void restartingRoutesUnderLoadLosesNoMail() throws Exception {
        chain();
        AtomicBoolean over = new AtomicBoolean();
        List<List<String>> ways = new ArrayList<>();
        List<Exchange> failed = new ArrayList<>();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread sender = new Thread(() -> {
                while (!over.get()) {
                    Exchange exchange = send("relay:a");
                    synchronized (ways) {
                        if (exchange.getException() == null) {
                            ways.add(way(exchange));
                        } else {
                            failed.add(exchange);
                        }
                    }
                }
            });
            sender.start();
            senders.add(sender);
        }

        for (int i = 0; i < 6; i++) {
            camel.getRouteController().stopRoute("a");
            camel.getRouteController().startRoute("a");
            camel.getRouteController().stopRoute("b");
            camel.getRouteController().startRoute("b");
        }
        over.set(true);
        for (Thread sender : senders) {
            sender.join();
        }

        assertThat(failed).extracting(Exchange::getException).isEmpty();
        assertThat(ways).isNotEmpty().allMatch(way -> way.size() == 1 && !way.contains("end"));
    }

    /** a, b, c, end. */
    private void chain() throws Exception {
        place("a", "a", "relay:b");
        place("b", "b", "relay:c");
        place("c", "c", "direct:end");
        end();
    }

    private void end() throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:end").routeId("end").process(exchange -> note(exchange, "end"));
            }
        });
    }

    private void place(String name, String routeId, String next) throws Exception {
        camel.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("relay:" + name + "?next=" + next)
                        .routeId(routeId)
                        .onException(UnsupportedOperationException.class)
                        .handled(true)
                        .to("relay:next")
                        .end()
                        .process(exchange -> {
                            note(exchange, name);
                            if (failing.getOrDefault(name, false)) {
                                throw new UnsupportedOperationException("expected by the test");
                            }
                        });
            }
        });
    }

    private static void note(Exchange exchange, String place) {
        List<String> way = new ArrayList<>(way(exchange));
        way.add(place);
        exchange.setProperty("way", way);
    }

    private List<String> way() {
        Exchange exchange = send("relay:a");
        assertThat(exchange.getException()).isNull();
        return way(exchange);
    }

    @SuppressWarnings("unchecked")
    private static List<String> way(Exchange exchange) {
        List<String> way = exchange.getProperty("way", List.class);
        return way == null ? List.of() : way;
    }

    private Throwable failure(String uri) {
        return send(uri).getException();
    }

    private Exchange send(String uri) {
        return mail.send(uri, exchange -> exchange.getMessage().setBody("mail"));
    }
}
