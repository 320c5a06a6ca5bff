package org.signupmailer.doctor;

import java.net.IDN;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.ProviderPreset;
import org.signupmailer.relay.Relay;

/** What DNS says of the sender's domain: why mail that goes out arrives in spam. Advice, never a failure. */
final class SenderDomain {

    private final Relay relay;
    private final Tools tools;
    private final Texts texts;
    private final Facts facts;
    private final String domain;

    /** For the step's line, and what could be better. */
    record Report(String detail, List<Finding> advice) {}

    SenderDomain(Relay relay, Tools tools, Facts facts) {
        this.relay = relay;
        this.tools = tools;
        this.texts = tools.texts();
        this.facts = facts;
        this.domain = IDN.toASCII(relay.from().substring(relay.from().lastIndexOf('@') + 1));
    }

    /** When nobody answers in time. */
    static Report unavailable(Texts texts) {
        return new Report(texts.say("domain.unavailable", Map.of("answer", texts.say("dns.no-answer"))), List.of());
    }

    /** Asks everything at once. */
    Report look() {
        CompletableFuture<DnsAnswer> txt = ask(domain, "TXT");
        CompletableFuture<DnsAnswer> mx = ask(domain, "MX");
        CompletableFuture<DnsAnswer> dmarc = ask("_dmarc." + domain, "TXT");
        CompletableFuture<DnsAnswer> parent = ask("_dmarc." + parent(), "TXT");
        List<CompletableFuture<DnsAnswer>> keys = selectors().stream()
                .map(selector -> ask(selector + "._domainkey." + domain, "TXT"))
                .toList();

        DnsAnswer records = txt.join();
        if (!records.told()) {
            return new Report(texts.say("domain.unavailable", Map.of("answer", records.words())), List.of());
        }
        if (records.kind() == DnsAnswer.Kind.NO_SUCH_NAME && mx.join().kind() == DnsAnswer.Kind.NO_SUCH_NAME) {
            return new Report(
                    texts.say("domain.fine", Map.of("domain", domain, "found", texts.say("dns.no-such-name"))),
                    List.of(finding("domain-does-not-exist", "")));
        }
        List<String> found = new ArrayList<>();
        List<Finding> advice = new ArrayList<>();
        spf(records, found, advice);
        judge("DMARC", has(dmarc.join(), "v=dmarc1") || has(parent.join(), "v=dmarc1"), "no-dmarc", "", found, advice);
        dkim(keys, found, advice);
        judge("MX", mx.join().kind() == DnsAnswer.Kind.FOUND || !mx.join().told(), "no-mx", "", found, advice);
        return new Report(
                texts.say("domain.fine", Map.of("domain", domain, "found", String.join(" · ", found))), advice);
    }

    private void spf(DnsAnswer records, List<String> found, List<Finding> advice) {
        long count = records.values().stream()
                .filter(value -> bare(value).startsWith("v=spf1"))
                .count();
        judge("SPF", count > 0, "no-spf", "", found, advice);
        if (count > 1) {
            advice.add(finding("two-spf", ""));
        }
    }

    private void dkim(List<CompletableFuture<DnsAnswer>> keys, List<String> found, List<Finding> advice) {
        List<String> selectors = selectors();
        for (int i = 0; i < selectors.size(); i++) {
            DnsAnswer key = keys.get(i).join();
            boolean there = !key.told()
                    || key.values().stream().anyMatch(value -> bare(value).contains("p="));
            judge("DKIM (" + selectors.get(i) + ")", there, "no-dkim", selectors.get(i), found, advice);
        }
    }

    private void judge(
            String what, boolean there, String otherwise, String selector, List<String> found, List<Finding> advice) {
        if (there) {
            found.add(what + " ✓");
        } else {
            found.add(what + " –");
            advice.add(finding(otherwise, selector));
        }
    }

    private Finding finding(String id, String selector) {
        return texts.finding(id, facts.with("domain", domain, "selector", selector));
    }

    private List<String> selectors() {
        ProviderPreset preset = relay.preset();
        return preset == null ? List.of() : texts.dkimSelectors(preset);
    }

    // RFC 7489, 6.6.3: without a record of its own a subdomain has that of the organization, roughly two labels.
    private String parent() {
        String[] labels = domain.split("\\.", -1);
        return labels.length < 3 ? domain : labels[labels.length - 2] + "." + labels[labels.length - 1];
    }

    private CompletableFuture<DnsAnswer> ask(String name, String type) {
        return CompletableFuture.supplyAsync(() -> tools.dns().ask(name, type), tools.threads());
    }

    private static boolean has(@Nullable DnsAnswer answer, String begin) {
        return answer != null
                && (!answer.told()
                        || answer.values().stream()
                                .anyMatch(value -> bare(value).startsWith(begin)));
    }

    private static String bare(String value) {
        return value.replace("\"", "").strip().toLowerCase(Locale.ROOT);
    }
}
