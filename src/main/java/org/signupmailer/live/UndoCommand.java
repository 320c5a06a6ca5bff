package org.signupmailer.live;

import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Puts a kept state back into the operators' folder; an application that runs takes it from there. */
@Command(
        name = "undo",
        description = "Puts back the last good routes or templates that differ from those in the folder. What is there"
                + " now is kept too; undo again takes it back if it was good.")
public final class UndoCommand extends SettingsCommand {

    @Parameters(
            paramLabel = "routes|templates",
            arity = "0..1",
            defaultValue = "routes",
            description = "Which folder; default ${DEFAULT-VALUE}.")
    private String kind = "routes";

    @Option(names = "--to", paramLabel = "STATE", description = "A state as the command history lists it.")
    private @Nullable String state;

    /** For picocli. */
    public UndoCommand() {}

    @Override
    protected int run(Environment environment) {
        Edited edited = HistoryCommand.kind(kind);
        if (edited == null) {
            throw wrong("\"" + kind + "\" has no history; use routes or templates.");
        }
        History history = HistoryCommand.of(edited, environment);
        String done = state == null ? history.undo() : history.putBackInWords(state);
        out().println(done);
        return done.startsWith("Put ") ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
