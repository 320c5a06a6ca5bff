package org.signupmailer.doctor;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.signupmailer.event.Addresses;
import org.signupmailer.relay.PortChoice;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.SmtpFailure;
import org.signupmailer.relay.SmtpPhase;
import org.signupmailer.relay.SmtpReply;
import org.signupmailer.relay.SmtpSteps;
import org.signupmailer.relay.TlsMode;

/** Talks to a relay as a mail would, step by step, up to the recipient; only a test mail that was asked for is sent. */
final class Talk {

    private static final List<String> TOLD =
            List.of("STARTTLS", "AUTH", "SIZE", "PIPELINING", "8BITMIME", "SMTPUTF8", "CHUNKING");
    private static final int SUSPICIOUS_SILENCE_SECONDS = 2;

    private final Relay relay;
    private final Plan plan;
    private final Tools tools;
    private final Texts texts;
    private final Facts facts;
    private final Chart chart;
    private final Redactor redactor;

    Talk(Relay relay, Plan plan, Tools tools, Facts facts, Chart chart) {
        this.relay = relay;
        this.plan = plan;
        this.tools = tools;
        this.texts = tools.texts();
        this.facts = facts;
        this.chart = chart;
        this.redactor = new Redactor(relay);
    }

    /** Takes the port's connection and closes it. */
    void hold(PortState open) throws Halt {
        PortChoice port = open.choice();
        Explained explained = new Explained(relay, port, tools, facts, redactor);
        if (open.socket() == null) {
            throw new IllegalArgumentException("the port is not open");
        }
        InetSocketAddress address = (InetSocketAddress) open.socket().getRemoteSocketAddress();
        explained.about(plan.to());
        SecondLook look = new SecondLook(relay, address, relay.limits().connectTimeout());
        chart.begin(port.tls() == TlsMode.IMPLICIT ? Step.TLS : Step.GREETING);
        try (SmtpSteps steps = SmtpSteps.over(open.socket(), relay, port, tools.tls())) {
            Map<String, String> offered = begin(steps, port, look);
            abilities(offered);
            logIn(steps, offered, explained);
            if (plan.envelope()) {
                envelope(steps);
            }
        } catch (SmtpFailure failure) {
            Finding why = failure.phase() == SmtpPhase.TLS && failure.reply() == null
                    ? new TlsTrouble(relay, port, look, tools, facts).explain(failure)
                    : explained.of(failure);
            throw chart.failed(explained.detail(failure), withHints(why));
        }
    }

    /** A refused login and a user name or password that looks wrong belong together. */
    private Finding withHints(Finding why) {
        Finding all = why;
        if (why.step() == Step.AUTH) {
            for (Finding suspicion : chart.advice()) {
                if (suspicion.step() == Step.SETTINGS) {
                    all = all.adding(texts.say("verdict.hint", Map.of("hint", suspicion.cause())));
                }
            }
        }
        return all;
    }

    private Map<String, String> begin(SmtpSteps steps, PortChoice port, SecondLook look) throws SmtpFailure, Halt {
        if (port.tls() == TlsMode.IMPLICIT) {
            steps.secure();
            tls(steps);
            chart.begin(Step.GREETING);
            greeted(steps.greeting());
            chart.begin(Step.EHLO);
            return steps.hello();
        }
        greeted(plainGreeting(steps, port, look));
        chart.begin(Step.EHLO);
        Map<String, String> offered = steps.hello();
        if (port.tls() == TlsMode.NONE) {
            chart.skipped(Step.TLS, texts.say("tls.none"));
            return offered;
        }
        chart.begin(Step.TLS);
        if (!offered.containsKey("STARTTLS")) {
            throw chart.failed(
                    inWords(offered), texts.finding("no-starttls", facts.with("port", Integer.toString(port.port()))));
        }
        steps.startTls();
        tls(steps);
        chart.begin(Step.EHLO);
        return steps.hello();
    }

    /** A port that speaks TLS from the first byte waits for us as we wait for it; so that is looked into meanwhile. */
    private SmtpReply plainGreeting(SmtpSteps steps, PortChoice port, SecondLook look) throws SmtpFailure, Halt {
        AtomicBoolean speaksTls = new AtomicBoolean();
        AtomicBoolean greeted = new AtomicBoolean();
        Executor later =
                CompletableFuture.delayedExecutor(SUSPICIOUS_SILENCE_SECONDS, TimeUnit.SECONDS, tools.threads());
        CompletableFuture<Void> looking = CompletableFuture.runAsync(
                () -> {
                    if (!greeted.get() && look.beginsWithTls() && !greeted.get()) {
                        speaksTls.set(true);
                        steps.abort();
                    }
                },
                later);
        try {
            SmtpReply reply = steps.greeting();
            greeted.set(true);
            return reply;
        } catch (SmtpFailure failure) {
            boolean tls = speaksTls.get() || (failure.reply() == null && look.beginsWithTls());
            if (tls) {
                Finding why = texts.finding("starttls-on-implicit", facts.with("port", Integer.toString(port.port())));
                throw chart.failed(why.cause(), why);
            }
            throw failure;
        } finally {
            greeted.set(true);
            looking.cancel(false);
        }
    }

    private void greeted(SmtpReply reply) {
        chart.well(redactor.safe(reply.masked().toString()));
    }

    private void tls(SmtpSteps steps) {
        chart.well(new TlsTrouble.Agreed(relay, texts).inWords(steps.session()));
    }

    private void abilities(Map<String, String> offered) {
        chart.well(inWords(offered));
    }

    private String inWords(Map<String, String> offered) {
        List<String> told = new ArrayList<>();
        for (String keyword : TOLD) {
            String parameters = offered.get(keyword);
            if (parameters != null) {
                told.add(parameters.isEmpty() ? keyword : keyword + " " + parameters);
            }
        }
        return told.isEmpty()
                ? texts.say("ehlo.none")
                : redactor.safe(new SmtpReply(SmtpReply.UNREADABLE, null, String.join(" · ", told)).text());
    }

    private void logIn(SmtpSteps steps, Map<String, String> offered, Explained explained) throws SmtpFailure, Halt {
        if (relay.user() == null) {
            steps.logIn();
            chart.skipped(Step.AUTH, texts.say("auth.no-user"));
            return;
        }
        chart.begin(Step.AUTH);
        String mechanisms = offered.get("AUTH");
        if (mechanisms == null) {
            throw chart.failed(inWords(offered), explained.finding("auth-not-offered", ""));
        }
        List<String> all = Arrays.asList(mechanisms.toUpperCase(Locale.ROOT).split("\\s+"));
        if (!all.contains("PLAIN") && !all.contains("LOGIN")) {
            String list = redactor.safe(new SmtpReply(SmtpReply.UNREADABLE, null, mechanisms).text());
            throw chart.failed("AUTH " + list, explained.finding("auth-no-mechanism", list));
        }
        steps.logIn();
        chart.well(texts.say("auth.accepted", facts.with()));
    }

    private void envelope(SmtpSteps steps) throws SmtpFailure {
        if (!plan.sender()) {
            chart.skipped(Step.SENDER, texts.say("sender.unknown"));
            return;
        }
        chart.begin(Step.SENDER);
        steps.sender();
        chart.well(texts.say("sender.accepted", facts.with()));
        String to = plan.to();
        if (to != null) {
            chart.begin(Step.RECIPIENT);
            steps.recipient(to);
            chart.well(texts.say(
                    plan.testMail() ? "recipient.accepted-mail" : "recipient.accepted",
                    Map.of("recipient", Addresses.mask(to))));
        }
        steps.reset();
        if (to != null && plan.testMail()) {
            chart.begin(Step.TEST_MAIL);
            SmtpReply answer = steps.send(TestMail.to(to, relay.from(), texts, tools.clock()));
            chart.well(texts.say(
                    "test.accepted",
                    Map.of("answer", redactor.safe(answer.masked().toString()))));
        }
    }
}
