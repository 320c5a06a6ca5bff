package org.signupmailer.deadletter;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.kafka.KafkaWriter;
import org.signupmailer.ledger.Ledger;
import org.signupmailer.topic.TopicCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "list",
        description = "Lists events that were not sent, the newest first. Codes and links are never shown, addresses"
                + " only when asked for.")
final class ListCommand extends TopicCommand {

    enum Format {
        table,
        json
    }

    @Mixin
    private FilterOptions filter = new FilterOptions();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "Show the newest N; default ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--show-addresses", description = "Show addresses whole, not as a***@example.com.")
    private boolean showAddresses;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "table, or json with one object a line; default ${DEFAULT-VALUE}.")
    private Format format = Format.table;

    private record Found(DeadLetter letter, boolean accepted) {}

    @Override
    protected int run(KafkaSettings kafka) throws IOException {
        if (limit < 1 || limit > 1_000_000) {
            throw wrong("--limit is " + limit + "; it must be a number from 1 to 1000000.");
        }
        DeadLetterFilter chosen;
        try {
            chosen = filter.read(CLOCK);
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
        PriorityQueue<Found> newest =
                new PriorityQueue<>(Comparator.comparing(found -> found.letter().time()));
        Map<String, Integer> reasons = new TreeMap<>();
        int[] sums = new int[2];
        int strange;
        try (KafkaWriter writer = new KafkaWriter(kafka);
                Ledger ledger = new Ledger(kafka, writer)) {
            Predicate<String> accepted = Replay.accepted(kafka, ledger);
            strange = new DeadLetterReader(kafka).read(chosen.since(), () -> false, (place, letter) -> {
                if (!chosen.matches(letter)) {
                    return;
                }
                boolean mailed = letter.id() != null && accepted.test(letter.id());
                reasons.merge(letter.reason(), 1, Integer::sum);
                sums[0]++;
                sums[1] += mailed ? 1 : 0;
                newest.add(new Found(letter, mailed));
                if (newest.size() > limit) {
                    newest.remove();
                }
            });
        }
        List<DeadLetterRow> rows = new ArrayList<>();
        while (!newest.isEmpty()) {
            Found found = newest.remove();
            rows.add(0, DeadLetterRow.of(found.letter(), found.accepted(), showAddresses));
        }
        if (format == Format.json) {
            ObjectMapper json = new ObjectMapper();
            for (DeadLetterRow row : rows) {
                out().println(json.writeValueAsString(row));
            }
        } else {
            table(rows, reasons, sums[0], sums[1]);
        }
        if (strange > 0) {
            err().println(strange + " records of " + kafka.deadLetterTopic()
                    + " are no dead letters of signup-mailer and are left out.");
        }
        return 0;
    }

    private void table(List<DeadLetterRow> rows, Map<String, Integer> reasons, int all, int mailed) {
        if (rows.isEmpty()) {
            out().println("No dead letter matches.");
            return;
        }
        int typeWidth = width(rows.stream().map(DeadLetterRow::type).toList(), 4);
        int recipientWidth = width(rows.stream().map(DeadLetterRow::recipient).toList(), 9);
        out().println(DeadLetterRow.head(typeWidth, recipientWidth));
        rows.forEach(row -> out().println(row.line(typeWidth, recipientWidth)));
        out().println();
        out().println(all + (all == 1 ? " dead letter: " : " dead letters: ") + ReplayPlan.count(reasons) + "."
                + (mailed == 0 ? "" : " A relay has accepted " + mailed + " since.")
                + (all > rows.size() ? " The newest " + rows.size() + " are shown; --limit shows more." : ""));
    }

    private static int width(List<? extends @Nullable String> texts, int least) {
        int width = least;
        for (String text : texts) {
            width = Math.max(width, text == null ? 1 : Math.min(50, text.length()));
        }
        return width;
    }
}
