package org.signupmailer.doctor;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.signupmailer.event.Addresses;
import org.signupmailer.relay.FailureClass;
import org.signupmailer.relay.PortChoice;
import org.signupmailer.relay.ProviderPreset;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.SmtpFailure;
import org.signupmailer.relay.SmtpPhase;
import org.signupmailer.relay.SmtpReply;
import org.signupmailer.relay.Verdict;

/** Says what a relay's refusal or silence means, by the same rules that decide what becomes of a mail. */
final class Explained {

    private final Relay relay;
    private final PortChoice port;
    private final Tools tools;
    private final Texts texts;
    private final Facts facts;
    private final Redactor redactor;
    private @Nullable String recipient;

    Explained(Relay relay, PortChoice port, Tools tools, Facts facts, Redactor redactor) {
        this.relay = relay;
        this.port = port;
        this.tools = tools;
        this.texts = tools.texts();
        this.facts = facts;
        this.redactor = redactor;
    }

    /** From now on it is about this recipient. */
    void about(@Nullable String address) {
        recipient = address;
    }

    /** The failure itself, for the step's line. */
    String detail(SmtpFailure failure) {
        SmtpReply reply = failure.reply();
        return redactor.safe(
                reply == null
                        ? String.valueOf(failure.getMessage())
                        : reply.masked().toString());
    }

    Finding of(SmtpFailure failure) {
        Step step = step(failure.phase());
        SmtpReply reply = failure.reply();
        if (reply == null) {
            return silence(step, detail(failure));
        }
        Verdict verdict = tools.classifier().classify(relay.preset(), failure.phase(), reply);
        return meaning(step, verdict).saying(detail(failure));
    }

    private Finding meaning(Step step, Verdict verdict) {
        // The general rules know only that it failed; at which step says more.
        switch (verdict.ruleId()) {
            case "refused-with-4xx" -> {
                return finding(step == Step.TEST_MAIL ? "test-mail-refused" : step.id() + "-deferred", "");
            }
            case "refused-with-5xx" -> {
                if (step == Step.RECIPIENT) {
                    return finding("recipient-refused", "");
                }
                if (step == Step.TEST_MAIL) {
                    return finding("test-mail-refused", "");
                }
            }
            default -> {}
        }
        Finding finding = texts.reply(step, verdict);
        return step == Step.AUTH && verdict.failureClass() == FailureClass.LASTING ? withPage(finding) : finding;
    }

    private Finding withPage(Finding finding) {
        ProviderPreset preset = relay.preset();
        URI page = preset == null ? null : preset.appPasswordPage();
        return page == null || finding.remedy().contains(page.toString())
                ? finding
                : finding.adding(texts.say("verdict.page", Map.of("page", page.toString())));
    }

    private Finding silence(Step step, String words) {
        if (step != Step.GREETING) {
            return finding("no-answer", words);
        }
        if (words.contains("not an SMTP reply")) {
            return finding("not-smtp", words);
        }
        return finding(words.contains("no complete answer") ? "greeting-silent" : "hung-up", words);
    }

    Finding finding(String id, String answer) {
        return texts.finding(
                id,
                facts.with(
                        "port",
                        Integer.toString(port.port()),
                        "answer",
                        answer,
                        "recipient",
                        Addresses.mask(recipient)));
    }

    private static Step step(SmtpPhase phase) {
        return switch (phase) {
            case DNS -> Step.DNS;
            case CONNECT -> Step.TCP;
            case TLS -> Step.TLS;
            case GREETING -> Step.GREETING;
            case EHLO -> Step.EHLO;
            case AUTH -> Step.AUTH;
            case MAIL -> Step.SENDER;
            case RCPT -> Step.RECIPIENT;
            case DATA, FINAL_DOT -> Step.TEST_MAIL;
        };
    }
}
