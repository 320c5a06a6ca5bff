package org.signupmailer;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.signupmailer.kafka.KafkaAhead;
import org.signupmailer.management.ManagementFailed;
import org.signupmailer.settings.CommandSettings;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ApplicationListener;

/** What the process does without a command, and as the command {@code serve}. Knows nothing of command lines. */
final class Serving {

    private static final String DEBUG = "--debug";
    private static final Pattern SETTING = Pattern.compile("--[A-Za-z][\\w-]*\\.[^=]+=.*", Pattern.DOTALL);

    private Serving() {}

    /** Whether these arguments ask for nothing else. */
    static boolean isAllThatIsAskedFor(String... arguments) {
        return Arrays.stream(arguments).allMatch(Serving::isSetting);
    }

    /** A setting of this run: {@code --some.key=value}, or {@code --debug}. */
    static boolean isSetting(String argument) {
        return argument.equals(DEBUG) || SETTING.matcher(argument).matches();
    }

    /**
     * Starts the application with these settings.
     *
     * @return 0 when it serves, on threads of its own; 1 when it could not start, and has said why
     */
    static int run(List<String> settings) {
        ClassesAhead.begin();
        CompilerAdvice.begin();
        // What Spring Boot loads ahead in the background is for web applications; the first mail needs none of it.
        System.setProperty("spring.backgroundpreinitializer.ignore", "true");
        try {
            SpringApplication application = new SpringApplication(SignupMailApplication.class);
            application.addListeners(new EndWithoutManagement(), new CompilerRest());
            application.addInitializers(context -> KafkaAhead.begin(context.getEnvironment()));
            application.run(settings.stream()
                    .map(setting -> setting.equals(DEBUG) ? "--logging.level.signup-mailer=debug" : setting)
                    .toArray(String[]::new));
            return 0;
        } catch (RuntimeException e) {
            // StartFailureReporter has told why.
            return 1;
        }
    }

    /** A process that nobody can look into would not be known to be well or ill; started anew it may be. */
    private static final class EndWithoutManagement implements ApplicationListener<ManagementFailed> {

        @Override
        public void onApplicationEvent(ManagementFailed failed) {
            System.err.println("signup-mailer ends, since its management did not start: "
                    + CommandSettings.problem(failed.cause()));
            System.exit(1);
        }
    }
}
