package org.signupmailer.testing.smtp;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.signupmailer.testing.smtp.Action.Ending;

/**
 * One connection as RFC 5321 has it: the order of commands, the envelope, the mail. At each step the script is asked
 * first; a command that is wrong in itself (503, 501) is answered without it, so that no rule is used up.
 */
final class Session implements Runnable {

    private static final Reply NOTHING = new Reply(new byte[0]);
    private static final Reply OK = Reply.of(250, "2.0.0 Ok");
    private static final Reply SYNTAX = Reply.of(501, "5.5.4 Syntax error in parameters");
    private static final Reply BAD_SEQUENCE = Reply.of(503, "5.5.1 Bad sequence of commands");
    private static final Reply TLS_FIRST = Reply.of(530, "5.7.0 Must issue a STARTTLS command first");

    private final ScriptedSmtpServer server;
    private final Options options;
    private final Wire wire;
    private final int number;
    private final Conversation conversation;
    private final AtomicBoolean ended = new AtomicBoolean();

    private volatile boolean idle;
    private boolean welcome;
    private boolean greeted;
    private @Nullable String user;
    private int mailsAccepted;

    private @Nullable String sender;
    private List<String> mailParameters = List.of();
    private final List<String> recipients = new ArrayList<>();

    Session(ScriptedSmtpServer server, Options options, Socket socket, int number) throws IOException {
        this.server = server;
        this.options = options;
        this.wire = new Wire(socket);
        this.number = number;
        this.conversation = new Conversation(number);
    }

    Conversation conversation() {
        return conversation;
    }

    /** Waiting for a command, with no mail under way. */
    boolean isIdle() {
        return idle;
    }

    /** May be called from any thread. */
    void drop(String why) {
        conversation.event(why);
        wire.drop();
        end();
    }

    @Override
    public void run() {
        try {
            converse();
        } catch (HungUp e) {
            conversation.event(String.valueOf(e.getMessage()));
        } catch (SSLException e) {
            conversation.event("TLS failed: " + e.getMessage());
        } catch (IOException e) {
            conversation.event("connection lost: " + e.getMessage());
        } finally {
            wire.drop();
            end();
        }
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            server.ended(this);
        }
    }

    private void converse() throws IOException {
        wire.idleLimit(options.idleTimeout());
        connect();
        if (options.tls() == TlsMode.IMPLICIT) {
            wire.secure(server.tlsContext());
        }
        welcome = answer(step(Phase.GREETING, ""), Reply.of(220, "localhost ESMTP ready"));
        while (true) {
            handle(nextCommand());
        }
    }

    /** There is nothing to say at this point, unless the script wants it. */
    private void connect() throws IOException {
        Step step = step(Phase.CONNECT, "");
        Action action = server.actionAt(step);
        if (!action.isNormal()) {
            perform(step, action, action.reply() == null ? NOTHING : action.reply(), positive -> {});
            wire.flush();
        }
    }

    private String nextCommand() throws IOException {
        idle = sender == null;
        try {
            return wire.readLine();
        } catch (SocketTimeoutException e) {
            say(Reply.of(421, "4.4.2 Idle for too long, closing"));
            wire.close();
            throw new HungUp("closed after an idle time of " + options.idleTimeout());
        } finally {
            idle = false;
        }
    }

    private void handle(String line) throws IOException {
        int space = line.indexOf(' ');
        String verb = (space < 0 ? line : line.substring(0, space)).toUpperCase(Locale.ROOT);
        if (verb.equals("AUTH")) {
            conversation.client(line, withoutCredentials(line));
        } else {
            conversation.client(line);
        }
        if (line.endsWith("\n")) {
            say(Reply.of(500, "5.5.2 A command must end with CR LF"));
        } else if (!welcome && !verb.equals("QUIT")) {
            say(BAD_SEQUENCE);
        } else {
            switch (verb) {
                case "EHLO", "HELO" -> hello(line, verb.equals("EHLO"));
                case "STARTTLS" -> startTls(line);
                case "AUTH" -> authenticate(line);
                case "MAIL" -> mail(line);
                case "RCPT" -> recipient(line);
                case "DATA" -> data(line);
                case "RSET" -> {
                    if (answer(step(Phase.RSET, line), OK)) {
                        forgetMail();
                    }
                }
                case "NOOP" -> answer(step(Phase.NOOP, line), OK);
                case "VRFY" -> say(Reply.of(252, "2.5.1 Send some mail, I'll try my best"));
                case "QUIT" -> quit(line);
                default -> say(Reply.of(500, "5.5.2 Command not recognized"));
            }
        }
    }

    private void hello(String line, boolean extended) throws IOException {
        if (line.length() < 6) {
            say(SYNTAX);
            return;
        }
        List<String> lines = new ArrayList<>();
        lines.add("localhost");
        if (extended) {
            lines.addAll(options.capabilities());
            if (options.tls() == TlsMode.STARTTLS && !wire.isSecured()) {
                lines.add("STARTTLS");
            } else if (!options.users().isEmpty()) {
                lines.add("AUTH PLAIN LOGIN");
            }
        }
        if (answer(step(Phase.EHLO, line), Reply.of(250, lines))) {
            greeted = true;
            forgetMail();
        }
    }

    private void startTls(String line) throws IOException {
        if (options.tls() != TlsMode.STARTTLS) {
            say(Reply.of(502, "5.5.1 STARTTLS is not offered"));
        } else if (wire.isSecured() || !greeted || sender != null) {
            say(BAD_SEQUENCE);
        } else if (answer(step(Phase.STARTTLS, line), Reply.of(220, "2.0.0 Ready to start TLS"))) {
            wire.secure(server.tlsContext());
            conversation.event("TLS");
            greeted = false;
            user = null;
        }
    }

    private void authenticate(String line) throws IOException {
        if (options.users().isEmpty()) {
            say(Reply.of(502, "5.5.1 AUTH is not offered"));
        } else if (options.tls() == TlsMode.STARTTLS && !wire.isSecured()) {
            say(Reply.of(538, "5.7.11 Encryption required for the requested authentication mechanism"));
        } else if (!greeted || user != null || sender != null) {
            say(BAD_SEQUENCE);
        } else {
            String[] words = line.split(" +", -1);
            String mechanism = words.length < 2 ? "" : words[1].toUpperCase(Locale.ROOT);
            String initial = words.length < 3 ? null : words[2];
            if (!mechanism.equals("PLAIN") && !mechanism.equals("LOGIN")) {
                say(Reply.of(504, "5.5.4 Unrecognized authentication mechanism"));
                return;
            }
            Credentials credentials = mechanism.equals("PLAIN") ? plain(initial) : login(initial);
            if (credentials == null) {
                say(Reply.of(501, "5.5.2 Cancelled, or not the base64 that this mechanism wants"));
            } else {
                logIn(withoutCredentials(line), credentials);
            }
        }
    }

    private void logIn(String command, Credentials credentials) throws IOException {
        boolean known = credentials.password().equals(server.passwordOf(credentials.user()));
        Step step = step(Phase.AUTH, command, credentials.user(), null);
        Reply normal = known
                ? Reply.of(235, "2.7.0 Authentication successful")
                : Reply.of(535, "5.7.8 Authentication credentials invalid");
        if (answer(step, normal)) {
            user = credentials.user();
        }
    }

    private @Nullable Credentials plain(@Nullable String initial) throws IOException {
        return Credentials.ofPlain(initial == null ? askFor("") : initial);
    }

    private @Nullable Credentials login(@Nullable String initial) throws IOException {
        String name = Credentials.decode(initial == null ? askFor("VXNlcm5hbWU6") : initial);
        if (name == null) {
            return null;
        }
        String password = Credentials.decode(askFor("UGFzc3dvcmQ6"));
        return password == null ? null : new Credentials(name, password);
    }

    private String askFor(String prompt) throws IOException {
        say(Reply.of(334, prompt));
        String line = wire.readLine();
        conversation.client(line, "***");
        return line;
    }

    private void mail(String line) throws IOException {
        PathCommand command = PathCommand.parse(line);
        if (!greeted || sender != null) {
            say(BAD_SEQUENCE);
        } else if (options.tls() == TlsMode.STARTTLS && !wire.isSecured()) {
            say(TLS_FIRST);
        } else if (options.authRequired() && user == null) {
            say(Reply.of(530, "5.7.0 Authentication required"));
        } else if (command == null) {
            say(SYNTAX);
        } else {
            Reply objection = objectionTo(command);
            if (objection != null) {
                say(objection);
                return;
            }
            if (answer(step(Phase.MAIL, line, command.address(), null, user), Reply.of(250, "2.1.0 Sender ok"))) {
                sender = command.address();
                mailParameters = command.parameters();
            }
        }
    }

    private @Nullable Reply objectionTo(PathCommand mail) {
        boolean international = false;
        for (String parameter : mail.parameters()) {
            String name = parameter.split("=", 2)[0].toUpperCase(Locale.ROOT);
            boolean known =
                    switch (name) {
                        case "SIZE" -> options.offers("SIZE");
                        case "BODY" -> options.offers("8BITMIME");
                        case "SMTPUTF8" -> options.offers("SMTPUTF8");
                        case "AUTH" -> !options.users().isEmpty();
                        case "RET", "ENVID" -> options.offers("DSN");
                        default -> false;
                    };
            if (!known) {
                return Reply.of(555, "5.5.4 Parameter " + name + " is not offered");
            }
            international |= name.equals("SMTPUTF8");
            if (name.equals("SIZE") && !fits(parameter)) {
                return Reply.of(552, "5.3.4 Message size exceeds fixed limit");
            }
        }
        return mail.hasAsciiAddress() || international
                ? null
                : Reply.of(553, "5.6.7 Non-ASCII address without SMTPUTF8");
    }

    private boolean fits(String sizeParameter) {
        try {
            return Long.parseLong(sizeParameter.substring("SIZE=".length())) <= options.sizeLimit();
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            return false;
        }
    }

    private void recipient(String line) throws IOException {
        PathCommand command = PathCommand.parse(line);
        if (sender == null) {
            say(BAD_SEQUENCE);
        } else if (command == null || command.address().isEmpty()) {
            say(SYNTAX);
        } else if (!command.hasAsciiAddress()
                && mailParameters.stream().noneMatch(parameter -> parameter.equalsIgnoreCase("SMTPUTF8"))) {
            say(Reply.of(553, "5.6.7 Non-ASCII address without SMTPUTF8"));
        } else if (answer(
                step(Phase.RCPT, line, sender, command.address(), user), Reply.of(250, "2.1.5 Recipient ok"))) {
            recipients.add(command.address());
        }
    }

    private void data(String line) throws IOException {
        if (sender == null) {
            say(BAD_SEQUENCE);
            return;
        }
        if (recipients.isEmpty()) {
            say(Reply.of(554, "5.5.1 No valid recipients"));
            return;
        }
        Step step = step(Phase.DATA, line);
        Action action = server.actionAt(step);
        Reply go = action.reply() == null ? Reply.of(354, "End data with <CR><LF>.<CR><LF>") : action.reply();
        perform(step, action, go, positive -> {});
        if (!go.asksForMore()) {
            return;
        }
        byte[] raw = readMail();
        ReceivedMail mail = new ReceivedMail(
                sender, List.copyOf(recipients), raw, Instant.now(), number, mailParameters, user, wire.isSecured());
        conversation.event(mail.toString());
        answerMail(mail);
        forgetMail();
    }

    private byte[] readMail() throws IOException {
        wire.flush();
        Step step = step(Phase.DATA_BODY, "");
        Action action = server.actionAt(step);
        if (action.isNormal()) {
            return wire.readMail(Long.MAX_VALUE);
        }
        if (action.afterBytes() > 0) {
            try {
                wire.readMail(action.afterBytes());
            } catch (HungUp e) {
                conversation.event(String.valueOf(e.getMessage()));
            }
        }
        perform(step, action, action.reply() == null ? NOTHING : action.reply(), positive -> {});
        return wire.readMail(Long.MAX_VALUE);
    }

    private void answerMail(ReceivedMail mail) throws IOException {
        Mailbox mailbox = server.mailbox();
        Step step = step(Phase.DATA_END, "");
        Action action = server.actionAt(step);
        if (!action.isNormal()) {
            mailbox.seen(mail);
        }
        AtomicBoolean accepted = new AtomicBoolean();
        Reply verdict = action.reply() == null ? verdictOn(mail) : action.reply();
        try {
            perform(step, action, verdict, positive -> {
                if (positive) {
                    mailbox.accept(mail);
                } else {
                    mailbox.refuse(mail);
                }
                accepted.set(positive);
            });
            wire.flush();
        } catch (HungUp e) {
            if (accepted.get()) {
                mailbox.announce(mail);
            }
            throw e;
        } catch (IOException e) {
            if (accepted.get()) {
                mailbox.withdraw(mail);
            }
            throw e;
        }
        if (accepted.get()) {
            mailsAccepted++;
            mailbox.announce(mail);
        }
    }

    private Reply verdictOn(ReceivedMail mail) {
        if (mail.raw().length > options.sizeLimit()) {
            return Reply.of(552, "5.3.4 Message size exceeds fixed limit");
        }
        if (hasBareLineEnds(mail.raw())) {
            return Reply.of(550, "5.6.0 Lines must end with CR LF; this mail has a CR or LF alone");
        }
        return Reply.of(250, "2.0.0 Ok: queued as " + number + "-" + (mailsAccepted + 1));
    }

    /** RFC 5321, 2.3.8: neither may be sent alone. */
    private static boolean hasBareLineEnds(byte[] mail) {
        byte before = 0;
        for (byte b : mail) {
            if ((b == '\n') != (before == '\r')) {
                return true;
            }
            before = b;
        }
        return before == '\r';
    }

    private void quit(String line) throws IOException {
        answer(step(Phase.QUIT, line), Reply.of(221, "2.0.0 Bye"));
        wire.close();
        throw new HungUp("closed after QUIT");
    }

    private void forgetMail() {
        sender = null;
        mailParameters = List.of();
        recipients.clear();
    }

    private Step step(Phase phase, String command) {
        return step(phase, command, sender, null, user);
    }

    private Step step(Phase phase, String command, String triedUser, @Nullable String recipient) {
        return step(phase, command, sender, recipient, triedUser);
    }

    private Step step(
            Phase phase, String command, @Nullable String from, @Nullable String recipient, @Nullable String who) {
        return new Step(phase, command, from, recipient, who, number, mailsAccepted, server.openConnections());
    }

    /** Answers as scripted or, without a script for this step, normally; true when the answer was a positive one. */
    private boolean answer(Step step, Reply normal) throws IOException {
        Action action = server.actionAt(step);
        Reply reply = action.reply() == null ? normal : action.reply();
        perform(step, action, reply, positive -> {});
        return reply.isPositive();
    }

    private interface BeforeItIsKnown {
        void answering(boolean positive);
    }

    private void perform(Step step, Action action, Reply reply, BeforeItIsKnown before) throws IOException {
        if (!action.isNormal()) {
            wire.flush();
            waitAsScripted(action);
        }
        switch (action.ending()) {
            case SILENCE -> {
                conversation.event("silent at " + step.phase());
                wire.readOnUntilTheClientLeaves();
                throw new HungUp("client gave up waiting");
            }
            case DROP -> {
                wire.drop();
                throw new HungUp("dropped at " + step.phase());
            }
            case RESET -> {
                wire.reset();
                throw new HungUp("reset at " + step.phase());
            }
            case GO_ON, CLOSE -> {
                boolean positive = reply.isPositive();
                if (action.perByte().isZero()) {
                    before.answering(positive);
                    say(reply);
                } else {
                    dribble(reply, action.perByte(), () -> before.answering(positive));
                }
                if (action.ending() == Ending.CLOSE || reply.announcesClosing()) {
                    wire.close();
                    throw new HungUp("closed after the answer at " + step.phase());
                }
            }
        }
    }

    private void waitAsScripted(Action action) throws IOException {
        if (!action.delay().isZero() && !wire.pause(action.delay())) {
            throw new HungUp("connection closed while the answer was held back");
        }
        if (action.gate() != null) {
            try {
                while (!action.gate().await(50, TimeUnit.MILLISECONDS)) {
                    if (!wire.pause(Duration.ZERO)) {
                        throw new HungUp("connection closed while the answer was held back");
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new HungUp("interrupted");
            }
        }
    }

    private void say(Reply reply) throws IOException {
        if (reply.bytes().length > 0) {
            conversation.server(reply.bytes());
            wire.send(reply.bytes());
        }
    }

    private void dribble(Reply reply, Duration perByte, Runnable beforeTheLastByte) throws IOException {
        conversation.server(reply.bytes());
        for (int i = 0; i < reply.bytes().length; i++) {
            if (!wire.pause(perByte)) {
                throw new HungUp("connection closed in the middle of an answer");
            }
            if (i == reply.bytes().length - 1) {
                beforeTheLastByte.run();
            }
            wire.send(new byte[] {reply.bytes()[i]});
            wire.flush();
        }
    }

    private static String withoutCredentials(String line) {
        String[] words = line.split(" +", 3);
        return words.length < 3 ? line : words[0] + " " + words[1] + " ***";
    }
}
