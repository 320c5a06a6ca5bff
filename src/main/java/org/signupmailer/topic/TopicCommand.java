package org.signupmailer.topic;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.settings.CommandSettings;
import org.signupmailer.settings.SettingException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** A command that works on topics with the settings of the application and needs no running one. */
@Command(
        mixinStandardHelpOptions = true,
        optionListHeading = "%nOptions:%n",
        parameterListHeading = "%n",
        sortOptions = false,
        footer = {"", "Settings are read as the application reads them; --some.key=value sets one for this run."})
public abstract class TopicCommand implements Callable<Integer> {

    /** The time of all commands. */
    protected static final Clock CLOCK = Clock.systemUTC();

    @Spec
    @SuppressWarnings("NullAway.Init") // Set by picocli.
    private CommandSpec spec;

    @Unmatched
    private List<String> settings = new ArrayList<>();

    /**
     * Does the work.
     *
     * @return the exit code
     * @throws IOException with a sentence for the operator
     */
    protected abstract int run(KafkaSettings kafka) throws IOException;

    @Override
    public final Integer call() {
        for (String setting : settings) {
            if (!setting.matches("--[A-Za-z][\\w-]*\\.[^=]+=.*")) {
                throw wrong("\"" + Plain.text(setting.replaceFirst("=.*", "=…")) + "\" is neither an option of "
                        + spec.qualifiedName() + " nor a --some.key=value.");
            }
        }
        try {
            return run(KafkaSettings.read(CommandSettings.read(settings.toArray(String[]::new))));
        } catch (IOException | SettingException e) {
            err().println(e.getMessage());
            return CommandLine.ExitCode.SOFTWARE;
        } finally {
            out().flush();
            err().flush();
        }
    }

    /** Wrong usage, to be thrown: the sentence, the usage, and exit code 2. */
    protected final ParameterException wrong(String sentence) {
        return new ParameterException(spec.commandLine(), sentence);
    }

    /** Standard output. */
    protected final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** Standard error. */
    protected final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
