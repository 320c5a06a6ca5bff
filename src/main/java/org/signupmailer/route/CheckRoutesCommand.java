package org.signupmailer.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.signupmailer.live.SettingsCommand;
import org.signupmailer.relay.ProviderPresets;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.RelaySettings;
import org.signupmailer.settings.SettingException;
import org.springframework.core.env.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The check of a running application, from the command line: without Kafka, without relays being there. */
@Command(
        name = "check-routes",
        description = "Says whether these routes would be accepted, with file, line and column of what is wrong."
                + " Warnings are no problem. Neither Kafka nor a relay is asked.")
public final class CheckRoutesCommand extends SettingsCommand {

    enum Format {
        human,
        json,
        sarif
    }

    @Parameters(paramLabel = "DIR", arity = "0..1", description = "The folder; default MAILER_ROUTES_DIR.")
    private @Nullable Path folder;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "human",
            description = "human, json, or sarif for CI systems; default ${DEFAULT-VALUE}.")
    private Format format = Format.human;

    /** For picocli. */
    public CheckRoutesCommand() {}

    @Override
    protected int run(Environment environment) {
        Path checked = folder == null ? Path.of(environment.getProperty("mailer.routes-dir", "routes")) : folder;
        List<Relay> relays = relays(environment);
        RouteFiles files = RouteFiles.read(checked);
        List<Finding> findings = new RoutesCheck(Surroundings.of(environment, relays)).of(files);
        boolean good = findings.stream().noneMatch(finding -> finding.severity() == Finding.Severity.ERROR);
        switch (format) {
            case human -> human(files, findings, relays != null, good);
            case json -> print(FindingsJson.list(findings));
            case sarif -> print(FindingsJson.sarif(findings));
        }
        return good ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    // In a CI job there are no relays' settings; which relays there are is then not part of the check.
    private @Nullable List<Relay> relays(Environment environment) {
        try {
            return RelaySettings.read(environment, ProviderPresets.load(), warning -> {});
        } catch (SettingException e) {
            if (String.valueOf(e.getMessage()).startsWith(RelaySettings.NONE)) {
                return null;
            }
            throw e;
        }
    }

    private void human(RouteFiles files, List<Finding> findings, boolean relaysKnown, boolean good) {
        for (Finding finding : findings) {
            out().println(finding.place() + ": " + (finding.severity() == Finding.Severity.WARNING ? "warning: " : "")
                    + finding.sentence());
        }
        long errors = findings.stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .count();
        String count = files.contents().size() + (files.contents().size() == 1 ? " file" : " files");
        out().println(
                        good
                                ? "These routes would be accepted: " + count + " in " + files.folder() + "."
                                : "These routes would be refused: " + errors
                                        + (errors == 1 ? " thing is" : " things are") + " wrong.");
        if (!relaysKnown) {
            out().println("No relay is configured here, so the names of relays were not checked.");
        }
    }

    private void print(FindingsJson json) {
        try {
            out().println(json.text());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Findings can always be written as JSON", e);
        }
    }
}
