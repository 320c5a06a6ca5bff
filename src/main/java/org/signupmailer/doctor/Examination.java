package org.signupmailer.doctor;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.ProviderPreset;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.Secret;
import org.signupmailer.relay.TlsMode;

/** One relay, from its settings to its answer to the recipient; ends at the first thing that mail can't get past. */
final class Examination {

    private static final Pattern ODD = Pattern.compile(
            "(?i).*\\s.*|\"[^\"]*\"|'[^']*'|<.*>|change[-_ ]?(?:me|it)|(?:your|my)[-_ ].*|x{3,}|\\*{3,}|password|secret");

    /** Advice is worth no more than that when DNS is dark. */
    private static final int ADVICE_SECONDS = 3;

    private final Relay relay;
    private final Plan plan;
    private final Tools tools;
    private final Texts texts;
    private final Facts facts;
    private final Chart chart;

    Examination(Relay relay, Plan plan, Tools tools, Consumer<Step> progress) {
        this.relay = relay;
        this.plan = plan;
        this.tools = tools;
        this.texts = tools.texts();
        this.facts = new Facts(relay, texts);
        this.chart = new Chart(progress);
    }

    Diagnosis run() {
        // It depends on nothing else, so it costs no time beside the conversation.
        CompletableFuture<SenderDomain.Report> domain = plan.domain() && plan.sender()
                ? CompletableFuture.supplyAsync(() -> new SenderDomain(relay, tools, facts).look(), tools.threads())
                        .completeOnTimeout(SenderDomain.unavailable(texts), ADVICE_SECONDS, TimeUnit.SECONDS)
                : null;
        try {
            settings();
            List<InetAddress> addresses = new HostName(relay, tools, facts, chart).lookUp();
            warnIfUnprotected(addresses);
            PortState port = new Ports(relay, tools, facts, chart).choose(addresses);
            new Talk(relay, plan, tools, facts, chart).hold(port);
            if (domain != null) {
                chart.begin(Step.DOMAIN);
                SenderDomain.Report report = domain.join();
                chart.warned(report.detail(), report.advice());
            }
        } catch (Halt halt) {
            // The chart has it.
            if (domain != null) {
                domain.cancel(true);
            }
        }
        ProviderPreset preset = relay.preset();
        return chart.diagnosis(relay.name(), relay.host(), preset == null ? null : preset.displayName());
    }

    private void settings() {
        chart.begin(Step.SETTINGS);
        List<String> parts = new ArrayList<>();
        if (relay.user() == null) {
            parts.add(texts.say("settings.nobody"));
        } else {
            parts.add(texts.say("settings.user", facts.with()));
            parts.add(texts.say("settings.password"));
        }
        if (plan.sender()) {
            parts.add(texts.say("settings.sender", facts.with()));
        }
        chart.warned(parts.stream().collect(Collectors.joining(" · ")), suspicious());
    }

    private List<Finding> suspicious() {
        String user = relay.user();
        Secret secret = relay.secret();
        List<Finding> findings = new ArrayList<>();
        if (user == null || secret == null) {
            return findings;
        }
        ProviderPreset preset = relay.preset();
        if (preset != null && !preset.user().looksRight(user)) {
            findings.add(texts.finding("user-looks-wrong", facts.with()));
        }
        Finding password = password(secret.reveal(), preset);
        if (password != null) {
            findings.add(password);
        }
        return findings;
    }

    private @Nullable Finding password(String password, @Nullable ProviderPreset preset) {
        if (preset != null && !preset.password().looksRight(password)) {
            return texts.finding("password-looks-wrong", facts.with());
        }
        // What fits the provider's own form, such as Google's groups of four letters, is not odd.
        boolean known = preset != null && preset.password().pattern() != null;
        return !known && ODD.matcher(password).matches() ? texts.finding("password-looks-odd", facts.with()) : null;
    }

    private void warnIfUnprotected(List<InetAddress> addresses) {
        if (relay.ports().get(0).tls() == TlsMode.NONE
                && !addresses.stream().allMatch(InetAddress::isLoopbackAddress)) {
            chart.advise(texts.finding("not-protected", facts.with()));
        }
    }
}
