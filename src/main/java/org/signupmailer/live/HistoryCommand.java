package org.signupmailer.live;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;
import org.springframework.core.env.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Parameters;

/** Lists the states of a folder that can be put back. */
@Command(name = "history", description = "Lists the kept states of the routes or templates, the newest first.")
public final class HistoryCommand extends SettingsCommand {

    @Parameters(
            paramLabel = "routes|templates",
            arity = "0..1",
            defaultValue = "routes",
            description = "Which folder; default ${DEFAULT-VALUE}.")
    private String kind = "routes";

    /** For picocli. */
    public HistoryCommand() {}

    @Override
    protected int run(Environment environment) {
        Edited edited = kind(kind);
        if (edited == null) {
            throw wrong("\"" + kind + "\" has no history; use routes or templates.");
        }
        History history = of(edited, environment);
        try {
            List<History.Entry> entries = history.entries();
            entries.forEach(entry -> out().println(entry.words()));
            if (entries.isEmpty()) {
                out().println("Nothing is kept yet in " + history.place() + "; the application keeps what it runs.");
            }
            return ExitCode.OK;
        } catch (IOException e) {
            throw new SettingException("The history in " + history.place() + " can't be read (" + e.getMessage()
                    + "); let this user read it, or correct MAILER_HISTORY_DIR.");
        }
    }

    static @Nullable Edited kind(String word) {
        for (Edited edited : Edited.values()) {
            if (edited.plural().equals(word)) {
                return edited;
            }
        }
        return null;
    }

    static History of(Edited edited, Environment environment) {
        String folder = environment.getProperty(edited.setting(), "");
        if (folder.isBlank()) {
            throw new SettingException("There is no folder of " + edited.plural()
                    + ", as the built-in ones are used; set MAILER_TEMPLATES_DIR to one of your own.");
        }
        return new History(
                edited,
                Path.of(environment.getProperty("mailer.history-dir", "logs/history")),
                Path.of(folder),
                Clock.systemUTC());
    }
}
