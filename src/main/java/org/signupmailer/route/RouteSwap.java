package org.signupmailer.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.ServiceStatus;
import org.apache.camel.Suspendable;
import org.apache.camel.SuspendableService;
import org.apache.camel.model.Model;
import org.apache.camel.model.RouteDefinition;
import org.jspecify.annotations.Nullable;
import org.signupmailer.chain.Door;
import org.signupmailer.chain.Doors;

/**
 * Exchanges the routes of the running context for others, as one step. A route that is the same is not touched. One that
 * differs is emptied first: mails that come to it wait at its door, or go to the next relay when that takes long. When
 * anything fails, the routes are as before.
 */
final class RouteSwap {

    /** Relays answer within their time-outs, or these end the attempt. */
    private static final Duration UNTIL_EMPTY = Duration.ofSeconds(60);

    private static final Duration TO_STOP = Duration.ofSeconds(20);

    private final CamelContext camel;
    private final Model model;
    private final Doors doors;

    RouteSwap(CamelContext camel, Doors doors) {
        this.camel = camel;
        this.model = camel.getCamelContextExtension().getContextPlugin(Model.class);
        this.doors = doors;
    }

    /** Whether there is something to exchange: not while the application stops. */
    boolean possible() {
        return camel.isStarted();
    }

    /** What became of the routes, by their ids. */
    record Changes(List<String> changed, List<String> added, List<String> removed) {

        boolean none() {
            return changed.isEmpty() && added.isEmpty() && removed.isEmpty();
        }
    }

    static Changes between(RouteSet now, RouteSet next) {
        Changes changes = new Changes(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        now.routes().forEach((id, entry) -> {
            RouteSet.Entry other = next.routes().get(id);
            if (other == null) {
                changes.removed.add(id);
            } else if (!entry.sameAs(other)) {
                changes.changed.add(id);
            }
        });
        next.routes().keySet().stream()
                .filter(id -> !now.routes().containsKey(id))
                .forEach(changes.added::add);
        return changes;
    }

    /** The routes could not be exchanged; those of before run. */
    static final class Failed extends Exception {

        private static final long serialVersionUID = 1L;

        Failed(String sentence, @Nullable Throwable cause) {
            super(sentence, cause);
        }
    }

    /**
     * Makes the context run these routes.
     *
     * @param now what it runs
     * @throws Failed when it goes on with what it ran
     */
    Changes apply(RouteSet now, RouteSet next) throws Failed, InterruptedException {
        Changes changes = between(now, next);
        if (changes.none()) {
            return changes;
        }
        List<String> leaving = now.callersFirst().stream()
                .filter(id -> changes.changed.contains(id) || changes.removed.contains(id))
                .toList();
        List<String> coming = new ArrayList<>(next.callersFirst().stream()
                .filter(id -> changes.changed.contains(id) || changes.added.contains(id))
                .toList());
        Collections.reverse(coming);
        Emptied emptied = new Emptied();
        try {
            for (String id : leaving) {
                RouteSet.Entry route = now.routes().get(id);
                if (route != null && !emptied.empty(route)) {
                    throw new Failed(
                            "mails in the route \"" + id + "\" did not end within " + UNTIL_EMPTY.toSeconds() + " s",
                            null);
                }
            }
            exchange(now, next, leaving, coming);
        } finally {
            emptied.open();
        }
        return changes;
    }

    private void exchange(RouteSet now, RouteSet next, List<String> leaving, List<String> coming) throws Failed {
        Map<String, ServiceStatus> states = new LinkedHashMap<>();
        leaving.forEach(id -> states.put(id, camel.getRouteController().getRouteStatus(id)));
        try {
            Map<String, RouteDefinition> definitions = RouteLoader.load(next.files(), camel);
            for (String id : leaving) {
                remove(id);
            }
            for (String id : coming) {
                add(definitions.get(id), autoStartupChanged(id, now, next) ? null : states.get(id));
            }
        } catch (Exception e) {
            takeBack(now, leaving, coming, states, e);
            throw new Failed("Camel could not exchange them", e);
        }
    }

    // What the operator stopped by hand stays stopped; only the line that says so in the file can start it.
    private static boolean autoStartupChanged(String id, RouteSet now, RouteSet next) {
        RouteSet.Entry before = now.routes().get(id);
        RouteSet.Entry after = next.routes().get(id);
        return before == null
                || after == null
                || !String.valueOf(before.written().get("autoStartup"))
                        .equals(String.valueOf(after.written().get("autoStartup")));
    }

    private void remove(String id) throws Exception {
        if (!camel.getRouteController().stopRoute(id, TO_STOP.toSeconds(), TimeUnit.SECONDS, true)) {
            throw new IllegalStateException(
                    "the route \"" + id + "\" did not stop within " + TO_STOP.toSeconds() + " s");
        }
        camel.removeRoute(id);
    }

    // Also one that came only half into being.
    private void forget(String id) throws Exception {
        if (camel.getRouteController().getRouteStatus(id) != null) {
            remove(id);
        }
        RouteDefinition left = model.getRouteDefinition(id);
        if (left != null) {
            model.removeRouteDefinition(left);
        }
    }

    private void add(@Nullable RouteDefinition route, @Nullable ServiceStatus state) throws Exception {
        if (route == null) {
            throw new IllegalStateException("a route is missing");
        }
        if (state != null) {
            boolean stopped = state.isStopped() || state.isStopping();
            route.setAutoStartup(Boolean.toString(!stopped));
        }
        model.addRouteDefinition(route);
        if (state != null && state.isSuspended()) {
            camel.getRouteController().suspendRoute(route.getRouteId());
        }
    }

    private void takeBack(
            RouteSet now, List<String> leaving, List<String> coming, Map<String, ServiceStatus> states, Exception why) {
        try {
            for (String id : coming) {
                forget(id);
            }
            Map<String, RouteDefinition> definitions = RouteLoader.load(now.files(), camel);
            List<String> back = new ArrayList<>(leaving);
            Collections.reverse(back);
            for (String id : back) {
                forget(id);
                add(definitions.get(id), states.get(id));
            }
        } catch (Exception e) {
            why.addSuppressed(e);
        }
    }

    /** Routes that are held empty for the moment. */
    private final class Emptied {

        private final List<Door> held = new ArrayList<>();
        private final List<SuspendableService> suspended = new ArrayList<>();

        boolean empty(RouteSet.Entry entry) throws InterruptedException {
            Door door = doors.to(entry.from());
            held.add(door);
            door.hold();
            if (!door.awaitEmpty(UNTIL_EMPTY)) {
                return false;
            }
            Route route = camel.getRoute(entry.id());
            boolean called = entry.from().startsWith("relay:") || entry.from().startsWith("direct:");
            if (route == null
                    || called
                    || !camel.getRouteController().getRouteStatus(entry.id()).isStarted()) {
                return true;
            }
            if (route.getConsumer() instanceof Suspendable
                    && route.getConsumer() instanceof SuspendableService consumer) {
                suspended.add(consumer);
                consumer.suspend();
                return awaitNoneInFlight(entry.id());
            }
            // Stopping it waits for what is in flight, too.
            return true;
        }

        private boolean awaitNoneInFlight(String id) throws InterruptedException {
            long deadline = System.nanoTime() + UNTIL_EMPTY.toNanos();
            // Twice, for one that was about to begin at the first look.
            for (int none = 0; none < 2; ) {
                none = camel.getInflightRepository().size(id) == 0 ? none + 1 : 0;
                if (System.nanoTime() > deadline) {
                    return false;
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
            return true;
        }

        void open() {
            // Those that are gone do not mind.
            for (SuspendableService consumer : suspended) {
                if (consumer.isSuspended()) {
                    consumer.resume();
                }
            }
            held.forEach(Door::release);
        }
    }
}
