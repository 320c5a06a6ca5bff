package org.signupmailer.doctor;

import java.io.Console;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the command writes to: a terminal that somebody watches, or a pipe. */
final class Terminal {

    private final boolean watched;
    private final boolean coloured;

    private Terminal(boolean watched, boolean coloured) {
        this.watched = watched;
        this.coloured = coloured;
    }

    static Terminal ofThisProcess() {
        Map<String, String> environment = System.getenv();
        boolean watched = console() != null && !"dumb".equals(environment.get("TERM"));
        String noColor = environment.getOrDefault("NO_COLOR", "");
        return new Terminal(watched, watched && noColor.isEmpty());
    }

    /**
     * The terminal that somebody sits at; null if there is none. From Java 22 on there is a console without one too, and
     * only a method that Java 17 lacks tells.
     */
    @SuppressWarnings("SystemConsoleNull")
    static @Nullable Console console() {
        Console console = System.console();
        if (console == null) {
            return null;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console) ? console : null;
        } catch (ReflectiveOperationException e) {
            return console;
        }
    }

    boolean watched() {
        return watched;
    }

    Style style() {
        return coloured ? Style.COLOURED : Style.PLAIN;
    }

    /**
     * For text in any language. A container's locale is mostly none, which Java takes for ASCII; whoever looks at it has
     * UTF-8.
     */
    PrintStream out() {
        return in(System.out);
    }

    PrintStream err() {
        return in(System.err);
    }

    private static PrintStream in(PrintStream stream) {
        boolean windows =
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
        return new PrintStream(stream, true, windows ? Charset.defaultCharset() : StandardCharsets.UTF_8);
    }
}
