package org.signupmailer.testing.smtp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;
import org.signupmailer.testing.smtp.Action.Ending;

/**
 * When the server is to misbehave: a phase and, if wanted, a condition. Nothing is scripted until one of the actions
 * ({@link #reply}, {@link #dropConnection}, …) is named; each of them adds a {@link Rule} that holds at once.
 *
 * <p>A scripted answer counts by its first digit as in RFC 5321: 2 (for DATA, 3) and the server goes on as after its own
 * answer, so {@code on(DATA_END).reply(250, "queued as 7")} accepts the mail; anything else refuses.
 */
public final class Occasion {

    private final Script script;
    private final Phase phase;
    private final Predicate<Step> condition;
    private final Action basis;

    Occasion(Script script, Phase phase, Predicate<Step> condition, Action basis) {
        this.script = script;
        this.phase = phase;
        this.condition = condition;
        this.basis = basis;
    }

    /** Only for this recipient, upper and lower case being the same; for {@link Phase#RCPT}. */
    public Occasion forRecipient(String address) {
        if (phase != Phase.RCPT) {
            throw new IllegalArgumentException(
                    "forRecipient has no meaning at " + phase + ", where no recipient is named; use on(Phase.RCPT)");
        }
        String wanted = address.toLowerCase(Locale.ROOT);
        return when(step -> {
            String recipient = step.recipient();
            return recipient != null && recipient.toLowerCase(Locale.ROOT).equals(wanted);
        });
    }

    /** Only when this holds too. The condition is asked on connection threads and must answer at once. */
    public Occasion when(Predicate<Step> alsoRequired) {
        return new Occasion(script, phase, condition.and(alsoRequired), basis);
    }

    /** Waits before the action that follows: {@code on(RCPT).after(Duration.ofSeconds(2)).reply(451, "4.3.0 busy")}. */
    public Occasion after(Duration delay) {
        return new Occasion(script, phase, condition, basis.after(delay));
    }

    /**
     * Answers with this code and these lines of text. After 421 the server closes the connection.
     *
     * @param text without the code; an enhanced status code is part of it: {@code "4.2.2 Mailbox full"}
     * @param moreLines make it a multi-line reply
     */
    public Rule reply(int code, String text, String... moreLines) {
        return add(basis.replying(replyOf(code, text, moreLines)));
    }

    /** Answers and then closes the connection, whatever the code. */
    public Rule replyAndClose(int code, String text, String... moreLines) {
        return add(basis.replying(replyOf(code, text, moreLines)).ending(Ending.CLOSE));
    }

    /** Answers with these bytes and nothing else: a line end, if wanted, is among them. */
    public Rule replyRaw(byte[] bytes) {
        return add(basis.replying(new Reply(bytes.clone())));
    }

    /** Answers as a well-behaved server does, this much later. */
    public Rule delay(Duration delay) {
        return add(basis.after(delay));
    }

    /** Answers as a well-behaved server does, but not before the latch is open. */
    public Rule holdUntil(CountDownLatch released) {
        return add(basis.heldBy(released));
    }

    /** Answers as a well-behaved server does, with a pause before each byte. */
    public Rule dribble(Duration perByte) {
        return add(basis.dribbling(perByte));
    }

    /** Answers with this code and text, with a pause before each byte. */
    public Rule dribble(Duration perByte, int code, String text) {
        return add(basis.dribbling(perByte).replying(Reply.of(code, text)));
    }

    /**
     * Never answers, but keeps the connection open and reads on until the client closes it. At
     * {@link Phase#DATA_BODY} the mail is taken in and forgotten.
     */
    public Rule staySilent() {
        return add(basis.ending(Ending.SILENCE));
    }

    /** Closes the connection in place of an answer; the client sees its end, or with TLS a truncated stream. */
    public Rule dropConnection() {
        return add(basis.ending(Ending.DROP));
    }

    /** Closes the connection in place of an answer so that the client sees "connection reset". */
    public Rule resetConnection() {
        return add(basis.ending(Ending.RESET));
    }

    /**
     * Closes the connection after this much of the mail, or at the final dot of a shorter one; for
     * {@link Phase#DATA_BODY}. A client notices before its own final dot only when the mail is larger than what the
     * sockets buffer: some megabytes are on the safe side.
     */
    public Rule dropConnectionAfterBytes(long bytes) {
        if (phase != Phase.DATA_BODY) {
            throw new IllegalArgumentException("dropConnectionAfterBytes has no meaning at " + phase
                    + ", where no mail is transferred; use on(Phase.DATA_BODY)");
        }
        return add(basis.ending(Ending.DROP).afterBytes(bytes));
    }

    private Rule add(Action action) {
        if (phase == Phase.DATA_BODY && action.ending() == Ending.GO_ON && action.reply() != null) {
            throw new IllegalArgumentException(
                    "SMTP knows no answer at DATA_BODY; use on(Phase.DATA_END) for the answer"
                            + " to the mail, or replyAndClose for a server that gives up in the middle of it");
        }
        return script.add(new Rule(phase, condition, action));
    }

    private static Reply replyOf(int code, String text, String... moreLines) {
        List<String> lines = new ArrayList<>();
        lines.add(text);
        lines.addAll(List.of(moreLines));
        return Reply.of(code, lines);
    }
}
