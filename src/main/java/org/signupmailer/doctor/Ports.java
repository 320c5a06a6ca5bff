package org.signupmailer.doctor;

import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.signupmailer.relay.Relay;

/** Connects to all of a relay's ports and chooses the one to talk to: the first that mail would find open. */
final class Ports {

    private final Relay relay;
    private final Texts texts;
    private final Facts facts;
    private final Chart chart;

    Ports(Relay relay, Tools tools, Facts facts, Chart chart) {
        this.relay = relay;
        this.texts = tools.texts();
        this.facts = facts;
        this.chart = chart;
    }

    /** An open port, whose socket the caller closes. */
    PortState choose(List<InetAddress> addresses) throws Halt {
        chart.begin(Step.TCP);
        List<PortState> states = new PortScan(addresses, relay.limits().connectTimeout()).scan(facts.candidates());
        PortState chosen = states.stream()
                .filter(state -> state.open() && state.used())
                .findFirst()
                .orElse(null);
        states.stream().filter(state -> !state.equals(chosen)).forEach(state -> PortScan.close(state.socket()));
        String detail = states.stream().map(this::inWords).collect(Collectors.joining(" · "));
        if (chosen == null) {
            throw chart.failed(detail, why(states));
        }
        PortState first = states.get(0);
        chart.warned(detail, chosen.equals(first) ? List.of() : List.of(otherWorks(first, chosen)));
        return chosen;
    }

    private String inWords(PortState state) {
        return texts.say(
                switch (state.kind()) {
                    case OPEN -> "tcp.open";
                    case REFUSED -> "tcp.refused";
                    case SILENT -> "tcp.silent";
                    case UNREACHABLE -> "tcp.unreachable";
                },
                Map.of(
                        "port",
                        Integer.toString(state.choice().port()),
                        "seconds",
                        Seconds.of(relay.limits().connectTimeout())));
    }

    private Finding why(List<PortState> states) {
        PortState first = states.get(0);
        for (PortState other : states) {
            if (other.open()) {
                return otherWorks(first, other);
            }
        }
        String ports = states.stream()
                .filter(PortState::used)
                .map(state -> Integer.toString(state.choice().port()))
                .collect(Collectors.joining(", "));
        String id = Stream.of(PortState.Kind.REFUSED, PortState.Kind.SILENT)
                .filter(kind -> states.stream().anyMatch(state -> state.kind() == kind))
                .findFirst()
                .map(kind -> kind == PortState.Kind.REFUSED ? "port-refused" : "ports-silent")
                .orElse("host-unreachable");
        return texts.finding(
                id,
                facts.with(
                        "port",
                        ports,
                        "answer",
                        states.stream()
                                .map(PortState::problem)
                                .filter(problem -> !problem.isEmpty())
                                .findFirst()
                                .orElse("?")));
    }

    private Finding otherWorks(PortState first, PortState works) {
        return texts.finding(
                first.kind() == PortState.Kind.REFUSED ? "port-refused-other-works" : "port-silent",
                facts.with(
                        "port",
                        Integer.toString(first.choice().port()),
                        "works",
                        Integer.toString(works.choice().port()),
                        "set",
                        facts.set(works.choice())));
    }
}
