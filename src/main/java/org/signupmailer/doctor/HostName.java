package org.signupmailer.doctor;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.Relay;

/** Looks up the relay's name as mails do; if that fails, asks the resolver itself why. */
final class HostName {

    private static final int PATIENCE_SECONDS = 10;
    private static final Pattern LITERAL = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+|.*:.*");

    private final Relay relay;
    private final Tools tools;
    private final Texts texts;
    private final Facts facts;
    private final Chart chart;

    HostName(Relay relay, Tools tools, Facts facts, Chart chart) {
        this.relay = relay;
        this.tools = tools;
        this.texts = tools.texts();
        this.facts = facts;
        this.chart = chart;
    }

    /** At least one address. */
    List<InetAddress> lookUp() throws Halt {
        chart.begin(Step.DNS);
        List<InetAddress> addresses = ask();
        if (addresses == null) {
            String answer = texts.say("dns.time-out", Map.of("seconds", Integer.toString(PATIENCE_SECONDS)));
            throw chart.failed(answer, texts.finding("dns-no-answer", facts.with("answer", answer)));
        }
        if (addresses.isEmpty()) {
            throw notFound();
        }
        chart.well(
                LITERAL.matcher(relay.host()).matches()
                        ? texts.say("dns.literal", facts.with())
                        : addresses.stream().map(HostName::record).collect(Collectors.joining(" · ")));
        return addresses;
    }

    private static String record(InetAddress address) {
        return (address instanceof Inet6Address ? "AAAA " : "A ") + address.getHostAddress();
    }

    /** Null: nobody answered in time, which the look-up itself may never notice. */
    private @Nullable List<InetAddress> ask() throws Halt {
        CompletableFuture<List<InetAddress>> asked = CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return List.of(InetAddress.getAllByName(relay.host()));
                    } catch (UnknownHostException e) {
                        return List.of();
                    }
                },
                tools.threads());
        try {
            return asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    private Halt notFound() {
        DnsAnswer first = tools.dns().ask(relay.host(), "A");
        DnsAnswer answer =
                first.kind() == DnsAnswer.Kind.NO_SUCH_RECORD ? tools.dns().ask(relay.host(), "AAAA") : first;
        String words =
                switch (answer.kind()) {
                    case FOUND -> texts.say("dns.none");
                    case NO_SUCH_NAME -> texts.say("dns.no-such-name");
                    case NO_SUCH_RECORD -> texts.say("dns.no-such-record");
                    case FAILED, SILENT -> answer.words();
                };
        String told = texts.say(
                answer.kind() == DnsAnswer.Kind.SILENT ? "dns.silent" : "dns.asked",
                Map.of("server", answer.server(), "answer", words));
        String id =
                switch (answer.kind()) {
                    case NO_SUCH_NAME -> "name-not-found";
                    case NO_SUCH_RECORD -> "name-without-address";
                    case FOUND, FAILED, SILENT -> "dns-no-answer";
                };
        return chart.failed(told, texts.finding(id, facts.with("answer", told)));
    }
}
