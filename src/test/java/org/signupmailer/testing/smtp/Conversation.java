package org.signupmailer.testing.smtp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What was said on one connection. Mails themselves are not part of it, only their sizes; a long reply is cut. The
 * newest {@value #LIMIT} lines are kept.
 */
public final class Conversation {

    private static final int LIMIT = 1_000;
    private static final int LONGEST_REPLY = 500;

    private final int connection;
    private final Deque<Line> lines = new ArrayDeque<>();
    private int forgotten;

    Conversation(int connection) {
        this.connection = connection;
    }

    private record Line(String mark, String text, @Nullable String printable) {
        String forPrinting() {
            return mark + (printable == null ? text : printable);
        }
    }

    /** The number of the connection, counted from 1. */
    public int connection() {
        return connection;
    }

    /** Every line with credentials as sent: {@code "C: "} the client's, {@code "S: "} the server's, {@code "- "} events. */
    public synchronized List<String> lines() {
        return lines.stream().map(line -> line.mark + line.text).toList();
    }

    /** The client's lines, with credentials as sent. */
    public synchronized List<String> commands() {
        return lines.stream()
                .filter(line -> line.mark.equals("C: "))
                .map(Line::text)
                .toList();
    }

    /** The conversation for printing, without credentials. */
    @Override
    public synchronized String toString() {
        return "connection " + connection + (forgotten == 0 ? "" : " (" + forgotten + " earlier lines left out)")
                + lines.stream().map(Line::forPrinting).collect(Collectors.joining("\n  ", "\n  ", ""));
    }

    void client(String line) {
        add(new Line("C: ", line, null));
    }

    /** A line with credentials in it. */
    void client(String line, String printable) {
        add(new Line("C: ", line, printable));
    }

    void server(byte[] reply) {
        String text = new String(reply, 0, Math.min(reply.length, LONGEST_REPLY), StandardCharsets.ISO_8859_1);
        text.lines().forEach(line -> add(new Line("S: ", line, null)));
        if (reply.length > LONGEST_REPLY) {
            event("reply of " + reply.length + " bytes");
        }
    }

    void event(String what) {
        add(new Line("- ", what, null));
    }

    private synchronized void add(Line line) {
        lines.add(line);
        if (lines.size() > LIMIT) {
            lines.remove();
            forgotten++;
        }
    }
}
