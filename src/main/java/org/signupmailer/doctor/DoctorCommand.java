package org.signupmailer.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Console;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.FailureClassifier;
import org.signupmailer.relay.ProviderPresets;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.RelaySettings;
import org.signupmailer.relay.TlsSockets;
import org.signupmailer.settings.CommandSettings;
import org.signupmailer.settings.SettingException;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code doctor}: says why mail does not go out and what to do. Exit code 0 when every relay could send. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Says why mail does not go out, and what to do. Sends nothing unless --send-test is given.",
        footer = {
            "",
            "Without names it looks at every relay of the settings, all at the same time.",
            "With --host it looks at a server that is not in the settings; the password is",
            "asked for, or read from an environment variable."
        })
public final class DoctorCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Parameters(paramLabel = "RELAY", description = "Names such as primary; default: all.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--env-file", paramLabel = "FILE", description = "Read the settings from this file, not .env.")
    private @Nullable Path envFile;

    @Option(names = "--host", paramLabel = "HOST", description = "Look at this server, not at the settings.")
    private @Nullable String host;

    @Option(names = "--port", paramLabel = "PORT", description = "Its port; default: the provider's, or 587 and 465.")
    private @Nullable String port;

    @Option(names = "--tls", paramLabel = "MODE", description = "implicit, starttls or none; default: by the port.")
    private @Nullable String tls;

    @Option(names = "--user", paramLabel = "USER", description = "Log in as this user; default: no login.")
    private @Nullable String user;

    @Option(
            names = "--password-env",
            paramLabel = "NAME",
            description = "Environment variable with the password; default: SMTP_PASS, else it is asked for.")
    private @Nullable String passwordVariable;

    @Option(names = "--from", paramLabel = "ADDRESS", description = "Sender to ask about, with --host.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "ADDRESS", description = "Also ask whether mail to this address is taken.")
    private @Nullable String to;

    @Option(names = "--send-test", description = "Really send a test mail to the address of --to.")
    private boolean sendTest;

    @Option(names = "--format", paramLabel = "FORMAT", description = "text or json; default: text.")
    private String format = "text";

    @Option(names = "--lang", paramLabel = "LANG", description = "en or ru; default: the system's.")
    private @Nullable String lang;

    @Option(names = "--dns", paramLabel = "SERVER", description = "Ask this resolver about the sender's domain.")
    private @Nullable String dns;

    @Override
    public Integer call() {
        Language language = language();
        checkOptions();
        Terminal terminal = Terminal.ofThisProcess();
        PrintStream out = terminal.out();
        // Both take a while to begin with, and neither needs the other.
        CompletableFuture<Texts> reading = CompletableFuture.supplyAsync(() -> new Texts(language));
        List<Diagnosis> diagnoses;
        try {
            ConfigurableEnvironment environment = envFile == null
                    ? CommandSettings.read()
                    : CommandSettings.read("--mailer.env-file=" + envFile.toAbsolutePath());
            diagnoses = examine(environment, reading.join(), terminal);
        } catch (SettingException e) {
            out.println(
                    format.equals("json")
                            ? json(Map.of("couldSend", false, "problem", CommandSettings.problem(e)))
                            : terminal.style().mark(Outcome.FAILED) + " " + CommandSettings.problem(e));
            return 1;
        }
        if (format.equals("json")) {
            out.println(json(Report.data(diagnoses)));
        } else {
            out.print(new Report(reading.join(), terminal.style()).of(diagnoses));
        }
        out.flush();
        return diagnoses.stream().allMatch(Diagnosis::couldSend) ? 0 : 1;
    }

    private List<Diagnosis> examine(ConfigurableEnvironment environment, Texts texts, Terminal terminal) {
        ProviderPresets presets = ProviderPresets.load();
        String rules = environment.getProperty("mailer.reply-rules-file", "");
        FailureClassifier classifier = new FailureClassifier(presets, rules.isBlank() ? null : Path.of(rules.strip()));
        List<String> warnings = new ArrayList<>();
        List<Relay> relays = host == null
                ? chosen(RelaySettings.read(environment, presets, warnings::add))
                : RelaySettings.read(given(texts), presets, warnings::add);
        Plan plan = new Plan(true, host == null || from != null || isAddress(user), to, sendTest, true);
        Doctor doctor = new Doctor(
                texts,
                TlsSockets.ofTheJavaInstallation(),
                classifier,
                dns == null ? Dns.ofThisMachine() : Dns.at(dns),
                Clock.systemUTC(),
                Thread.NORM_PRIORITY);
        List<Diagnosis> diagnoses;
        if (terminal.watched()) {
            try (Progress progress = new Progress(terminal.err(), texts)) {
                diagnoses = doctor.examine(relays, plan, progress::at);
            }
        } else {
            diagnoses = doctor.examine(relays, plan, (relay, step) -> {});
        }
        return new SettingWarnings(texts, warnings)
                .added(
                        host == null
                                ? diagnoses
                                : diagnoses.stream().map(Diagnosis::byHost).toList());
    }

    private List<Relay> chosen(List<Relay> relays) {
        List<String> known = relays.stream().map(Relay::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(),
                        "There is no relay \"" + name + "\"; the settings have " + String.join(", ", known) + ".");
            }
        }
        return relays.stream()
                .filter(relay -> names.isEmpty() || names.contains(relay.name()))
                .toList();
    }

    /** The server of the command line as the settings of a first relay, so that it is judged like one. */
    private ConfigurableEnvironment given(Texts texts) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("SMTP_HOST", host == null ? "" : host);
        put(settings, "SMTP_PORT", port);
        put(settings, "SMTP_TLS", tls);
        put(settings, "SMTP_USER", user);
        put(settings, "SMTP_PASS", user == null ? null : password(texts));
        put(settings, "SMTP_FROM", from != null || isAddress(user) ? from : "nobody@sender.invalid");
        ConfigurableEnvironment environment = new StandardEnvironment();
        environment.getPropertySources().stream()
                .map(PropertySource::getName)
                .toList()
                .forEach(environment.getPropertySources()::remove);
        environment.getPropertySources().addFirst(new MapPropertySource("command-line", settings));
        return environment;
    }

    private static void put(Map<String, Object> settings, String key, @Nullable String value) {
        if (value != null) {
            settings.put(key, value);
        }
    }

    private static boolean isAddress(@Nullable String text) {
        return text != null && text.indexOf('@') > 0;
    }

    private String password(Texts texts) {
        String variable = passwordVariable == null ? "SMTP_PASS" : passwordVariable;
        String password = System.getenv(variable);
        if (password != null && !password.isBlank()) {
            return password;
        }
        Console console = Terminal.console();
        if (passwordVariable != null || console == null) {
            throw new ParameterException(
                    spec.commandLine(),
                    "The environment variable " + variable + " with the password of --user is not set, and there is no"
                            + " terminal to ask for it; set it.");
        }
        char[] typed = console.readPassword("%s", texts.say("ask.password", Map.of("user", String.valueOf(user))));
        if (typed == null || typed.length == 0) {
            throw new ParameterException(
                    spec.commandLine(), "No password was typed; without a login leave out --user.");
        }
        return new String(typed);
    }

    private Language language() {
        if (lang == null) {
            return Language.ofTheSystem();
        }
        Language language = Language.of(lang);
        if (language == null) {
            throw new ParameterException(spec.commandLine(), "--lang is \"" + lang + "\"; use en or ru.");
        }
        return language;
    }

    private void checkOptions() {
        if (!format.equals("text") && !format.equals("json")) {
            throw new ParameterException(spec.commandLine(), "--format is \"" + format + "\"; use text or json.");
        }
        if (sendTest && to == null) {
            throw new ParameterException(spec.commandLine(), "--send-test needs --to ADDRESS, where the mail goes to.");
        }
        if (to != null && !to.matches("[^\\s@<>\\p{Cntrl}]+@[^\\s@<>\\p{Cntrl}]+")) {
            throw new ParameterException(
                    spec.commandLine(), "--to is no e-mail address; write one, such as ann@example.com.");
        }
        if (host == null && (port != null || tls != null || user != null || from != null || passwordVariable != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--port, --tls, --user, --password-env and --from go with --host.");
        }
        if (host != null && (!names.isEmpty() || envFile != null)) {
            throw new ParameterException(
                    spec.commandLine(), "--host looks at one server; leave out --env-file and the names of relays.");
        }
        if (sendTest && host != null && from == null && !isAddress(user)) {
            throw new ParameterException(spec.commandLine(), "--send-test needs a sender; name it with --from.");
        }
        if (envFile != null && !Files.isRegularFile(envFile)) {
            throw new ParameterException(
                    spec.commandLine(), "--env-file " + envFile + " does not exist; name a file of settings.");
        }
    }

    private static String json(Map<String, Object> data) {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers always make JSON", e);
        }
    }
}
