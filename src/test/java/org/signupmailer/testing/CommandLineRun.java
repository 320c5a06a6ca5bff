package org.signupmailer.testing;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/**
 * A command that has been run as on the command line, with the topics of an application of this JVM.
 *
 * @param exitCode 0 fine, 1 found a problem, 2 wrong usage
 * @param out what it printed to standard output
 * @param err what it printed to standard error
 */
public record CommandLineRun(int exitCode, String out, String err) {

    /** Runs it to its end. */
    public static CommandLineRun of(SignupMailer mailer, Object command, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--mailer.env-file=" + mailer.deadLetterFile().resolveSibling("no.env"));
        all.add("--mailer.kafka.brokers=" + mailer.setting("KAFKA_BROKERS"));
        all.add("--mailer.kafka.topic=" + mailer.topic());
        all.add("--mailer.kafka.group=" + mailer.group());
        all.add("--mailer.kafka.ledger-topic=" + mailer.setting("MAILER_KAFKA_LEDGER_TOPIC"));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(command)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
        return new CommandLineRun(code, out.toString(), err.toString());
    }
}
