package org.signupmailer.live;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.signupmailer.settings.CommandSettings;
import org.signupmailer.settings.SettingException;
import org.springframework.core.env.Environment;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** A command about files that operators edit: it reads the settings of the application and needs nothing else. */
@Command(
        mixinStandardHelpOptions = true,
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        sortOptions = false,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fine", "1:found a problem", "2:wrong usage"},
        footer = {"", "Settings are read as the application reads them; --some.key=value sets one for this run."})
public abstract class SettingsCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Unmatched
    private List<String> settings = new ArrayList<>();

    /** For picocli. */
    protected SettingsCommand() {}

    /**
     * Does the work.
     *
     * @return the exit code
     * @throws SettingException with a sentence for the operator
     */
    protected abstract int run(Environment environment);

    @Override
    public final Integer call() {
        for (String setting : settings) {
            if (!setting.matches("--[A-Za-z][\\w-]*\\.[^=]+=.*")) {
                throw wrong("\"" + setting.replaceFirst("=.*", "=…") + "\" is neither an option of "
                        + spec.qualifiedName() + " nor a --some.key=value.");
            }
        }
        try {
            return run(CommandSettings.read(settings.toArray(String[]::new)));
        } catch (SettingException e) {
            err().println(e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        } finally {
            out().flush();
            err().flush();
        }
    }

    /** Wrong usage, exit code 2. */
    protected final ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    /** Where results go. */
    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Where problems go. */
    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
