package org.signupmailer.deadletter;

import java.io.Console;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.kafka.KafkaWriter;
import org.signupmailer.ledger.Ledger;
import org.signupmailer.topic.Interruption;
import org.signupmailer.topic.TopicCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "replay",
        description = "Puts events that were not sent back onto their topic, where the application takes them as it"
                + " takes new ones. What a relay has accepted since is never put back.")
final class ReplayCommand extends TopicCommand {

    private static final int WITHOUT_ASKING = 10;
    private static final long SAY_EVERY = TimeUnit.SECONDS.toNanos(1);

    @Mixin
    private FilterOptions filter = new FilterOptions();

    @Option(names = "--dry-run", description = "Say how many would be put back and why others would not, and end.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do not ask. Needed for more than 10 where nobody can be asked.")
    private boolean yes;

    @Option(
            names = "--superseded",
            description = "Also events of which a newer one of the same type for the same person was published.")
    private boolean superseded;

    @Option(names = "--again", description = "Also events that were put back before and have no end yet.")
    private boolean again;

    @Override
    protected int run(KafkaSettings kafka) throws IOException {
        ReplayOrder order;
        try {
            order = new ReplayOrder(filter.read(CLOCK), superseded, again);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        try (Interruption stop = Interruption.watch();
                KafkaWriter writer = new KafkaWriter(kafka);
                Ledger ledger = new Ledger(kafka, writer)) {
            Replay replay = Replay.with(kafka, ledger, CLOCK);
            ReplayPlan plan = replay.plan(order, stop);
            if (!plan.complete()) {
                err().println("Stopped before anything was put back.");
                return 1;
            }
            out().println(plan.words(kafka.topic()));
            out().flush();
            if (dryRun || plan.chosen().isEmpty()) {
                return 0;
            }
            if (!yes
                    && plan.chosen().size() > WITHOUT_ASKING
                    && !confirmed(plan.chosen().size())) {
                return 1;
            }
            return carryOut(replay, plan, kafka, stop);
        }
    }

    private int carryOut(Replay replay, ReplayPlan plan, KafkaSettings kafka, Interruption stop) throws IOException {
        long total = plan.chosen().size();
        long start = System.nanoTime();
        long[] said = {start};
        try (EventsTopic topic = new EventsTopic(kafka)) {
            try {
                replay.carryOut(plan, stop, (place, letter) -> {
                    topic.put(place, letter);
                    if (System.nanoTime() - said[0] >= SAY_EVERY) {
                        said[0] = System.nanoTime();
                        say(topic, total, start);
                    }
                });
                topic.flush();
            } finally {
                say(topic, total, start);
            }
            if (topic.confirmed() < total) {
                err().println("Stopped. Run it again for the others; what is back already is not put back twice.");
                return 1;
            }
        }
        out().println("Done. The application mails them as it mails new ones; what dies again is listed again.");
        return 0;
    }

    private void say(EventsTopic topic, long total, long start) {
        err().println(ReplayProgress.words(topic.confirmed(), total, Duration.ofNanos(System.nanoTime() - start)));
        err().flush();
    }

    private boolean confirmed(int count) {
        Console console = terminal();
        if (console == null) {
            throw wrong("There is nobody to ask whether " + count + " events shall be put back; add --yes, or --dry-run"
                    + " to only look.");
        }
        String answer = console.readLine("Put %d events back? [y/N] ", count);
        if (answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
            return true;
        }
        err().println("Nothing was put back.");
        return false;
    }

    // From Java 22 on there is a console without a terminal, too; it says so itself.
    @SuppressWarnings("SystemConsoleNull")
    private static @Nullable Console terminal() {
        Console console = System.console();
        try {
            boolean real = console != null
                    && Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
            return real ? console : null;
        } catch (NoSuchMethodException e) {
            return console;
        } catch (IllegalAccessException | InvocationTargetException e) {
            return null;
        }
    }
}
