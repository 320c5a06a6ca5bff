package org.signupmailer.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.ConnectionLimits;
import org.signupmailer.relay.FailureClassifier;
import org.signupmailer.relay.PortChoice;
import org.signupmailer.relay.ProviderPreset;
import org.signupmailer.relay.ProviderPresets;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.Secret;
import org.signupmailer.relay.TlsMode;
import org.signupmailer.relay.TlsSockets;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.signupmailer.testing.smtp.TestCertificates;

/** A relay to be examined, and a doctor who examines it in both languages and shows all that anybody would see. */
record Clinic(
        String host,
        List<PortChoice> ports,
        @Nullable String user,
        @Nullable ProviderPreset preset,
        Duration connectTimeout,
        Plan plan,
        @Nullable FakeResolver resolver) {

    static final String USER = "shop-user";
    static final String PASSWORD = "Zq7-hiddenword+/=x";
    private static final ProviderPresets PRESETS = ProviderPresets.load();
    private static final FailureClassifier CLASSIFIER = new FailureClassifier(PRESETS, null);
    // Without the advice on the domain, which would ask this machine's resolver.
    private static final Plan NO_DOMAIN = new Plan(true, true, null, false, false);

    static Clinic of(ScriptedSmtpServer server) {
        return at(server.host(), server.port(), TlsMode.valueOf(server.tlsMode().name()));
    }

    static Clinic at(String host, int port, TlsMode tls) {
        return new Clinic(host, List.of(new PortChoice(port, tls)), USER, null, Duration.ofSeconds(5), NO_DOMAIN, null);
    }

    Clinic withoutLogin() {
        return new Clinic(host, ports, null, preset, connectTimeout, plan, resolver);
    }

    Clinic speaking(TlsMode mode) {
        return at(ports.stream().map(port -> new PortChoice(port.port(), mode)).toArray(PortChoice[]::new));
    }

    Clinic at(PortChoice... other) {
        return new Clinic(host, List.of(other), user, preset, connectTimeout, plan, resolver);
    }

    Clinic provider(String name) {
        return new Clinic(host, ports, user, PRESETS.byName(name), connectTimeout, plan, resolver);
    }

    Clinic connectingWithin(Duration time) {
        return new Clinic(host, ports, user, preset, time, plan, resolver);
    }

    Clinic to(String recipient) {
        return plan(new Plan(true, true, recipient, false, false));
    }

    Clinic plan(Plan other) {
        return new Clinic(host, ports, user, preset, connectTimeout, other, resolver);
    }

    Clinic asking(FakeResolver other) {
        return new Clinic(host, ports, user, preset, connectTimeout, plan, other);
    }

    Relay relay() {
        return new Relay(
                "primary",
                host,
                ports,
                user,
                user == null ? null : new Secret(PASSWORD),
                "no-reply@sender.test",
                null,
                preset,
                new ConnectionLimits(
                        4, 100, Duration.ofSeconds(20), Duration.ofMinutes(1), connectTimeout, Duration.ofSeconds(20)));
    }

    Diagnosis examine() {
        return doctor(Language.EN)
                .examine(List.of(relay()), plan, (relay, step) -> {})
                .get(0);
    }

    Doctor doctor(Language language) {
        return new Doctor(
                new Texts(language),
                new TlsSockets(TestCertificates.clientContext()),
                CLASSIFIER,
                resolver == null ? Dns.ofThisMachine() : resolver.dns(),
                Clock.systemUTC(),
                Thread.NORM_PRIORITY);
    }

    /** Everything that is printed of a diagnosis, in every form. */
    static String shown(Diagnosis diagnosis) {
        List<String> all = new ArrayList<>();
        for (Language language : Language.values()) {
            for (Style style : Style.values()) {
                all.add(new Report(new Texts(language), style).of(List.of(diagnosis)));
            }
        }
        try {
            all.add(new ObjectMapper().writeValueAsString(Report.data(List.of(diagnosis))));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
        all.add(diagnosis.toString());
        return String.join("\n", all);
    }

    /** What must be in no output: the password and what is said in its place at the login. */
    static List<String> secrets() {
        return List.of(
                PASSWORD.toLowerCase(Locale.ROOT),
                base64(PASSWORD).toLowerCase(Locale.ROOT),
                base64("\0" + USER + "\0" + PASSWORD).toLowerCase(Locale.ROOT),
                base64(USER).toLowerCase(Locale.ROOT));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
