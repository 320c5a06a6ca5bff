package org.signupmailer.delivery;

import java.io.PrintStream;
import java.util.Locale;
import org.signupmailer.event.SignupEvent;

/** Prints codes to the console for development ({@code MAILER_LOG_CODES}), so that they can be read when no relay works. */
final class CodeBanner {

    private static final String RULE = "=".repeat(60);

    private final boolean enabled;
    private final PrintStream console;

    CodeBanner(boolean enabled, PrintStream console) {
        this.enabled = enabled;
        this.console = console;
    }

    void show(SignupEvent event) {
        if (!enabled || event.code() == null) {
            return;
        }
        boolean russian = event.locale() != null
                && Locale.forLanguageTag(event.locale().replace('_', '-'))
                        .getLanguage()
                        .equals("ru");
        String title = russian ? "КОД ПОДТВЕРЖДЕНИЯ ДЛЯ" : "VERIFICATION CODE FOR";
        String label = russian ? "КОД" : "CODE";
        String text =
                RULE + "\n " + title + " " + event.email() + "\n " + label + ": " + event.code() + "\n" + RULE + "\n";
        console.print(text);
        console.flush();
    }
}
