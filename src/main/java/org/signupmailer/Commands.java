package org.signupmailer;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.signupmailer.deadletter.DeadLettersCommand;
import org.signupmailer.doctor.DoctorCommand;
import org.signupmailer.email.RenderCommand;
import org.signupmailer.live.HistoryCommand;
import org.signupmailer.live.UndoCommand;
import org.signupmailer.publish.PublishCommand;
import org.signupmailer.route.CheckRoutesCommand;
import org.signupmailer.settings.CommandSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Unmatched;

/** The command line. Exit codes: 0 fine, 1 found a problem, 2 wrong usage. */
@Command(
        name = "java -jar signup-mailer.jar",
        mixinStandardHelpOptions = true,
        versionProvider = Commands.Version.class,
        description = "Turns signup events on Kafka into e-mails; each goes to the first SMTP relay that takes it.",
        synopsisSubcommandLabel = "[COMMAND]",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fine", "1:found a problem, which is told in one sentence", "2:wrong usage"},
        footer = {
            "",
            "Settings are read from the environment, from .env and from application.yaml in the working directory.",
            "--some.key=value sets one for this run; --debug logs more, also what lies behind a failed start."
        },
        subcommands = {
            Commands.Serve.class,
            DoctorCommand.class,
            CheckRoutesCommand.class,
            RenderCommand.class,
            HistoryCommand.class,
            UndoCommand.class,
            PublishCommand.class,
            DeadLettersCommand.class
        })
final class Commands implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
    private static final String MAVEN = "/META-INF/maven/org.signupmailer/signup-mailer/pom.properties";

    @Unmatched
    private List<String> settings = new ArrayList<>();

    private Commands() {}

    /** Runs one command; 0 also means that the application has started and serves. */
    static int run(String... args) {
        return new CommandLine(new Commands())
                .setParameterExceptionHandler((wrong, arguments) -> {
                    CommandLine command = wrong.getCommandLine();
                    command.getErr().println(wrong.getMessage());
                    command.usage(command.getErr());
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((failure, command, arguments) -> {
                    command.getErr().println(CommandSettings.problem(failure));
                    return CommandLine.ExitCode.SOFTWARE;
                })
                .execute(args);
    }

    @Override
    public Integer call() {
        return serve(new CommandLine(this), settings);
    }

    private static int serve(CommandLine command, List<String> settings) {
        for (String setting : settings) {
            if (!Serving.isSetting(setting)) {
                throw new ParameterException(
                        command,
                        "\"" + setting.replaceFirst("=.*", "=…")
                                + "\" is neither a command nor an option nor a --some.key=value of signup-mailer.");
            }
        }
        return Serving.run(settings);
    }

    @Command(
            name = "serve",
            mixinStandardHelpOptions = true,
            versionProvider = Version.class,
            description = "Reads events and sends mails until it is stopped; the default.")
    static final class Serve implements Callable<Integer> {

        @ParentCommand
        @SuppressWarnings("NullAway.Init") // Set by picocli.
        private Commands parent;

        @Unmatched
        private List<String> settings = new ArrayList<>();

        @Override
        public Integer call() {
            List<String> all = new ArrayList<>(parent.settings);
            all.addAll(settings);
            return serve(new CommandLine(this), all);
        }
    }

    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"signup-mailer " + version()};
        }

        // Not the manifest's, which would be every library's version, too: their classes are in the same jar.
        private static String version() {
            try (InputStream maven = Commands.class.getResourceAsStream(MAVEN)) {
                if (maven != null) {
                    Properties properties = new Properties();
                    properties.load(maven);
                    return properties.getProperty("version");
                }
            } catch (IOException e) {
                LOG.debug("{} can't be read", MAVEN, e);
            }
            return "(not packaged)";
        }
    }
}
