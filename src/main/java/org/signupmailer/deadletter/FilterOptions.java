package org.signupmailer.deadletter;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which commands choose dead letters. */
final class FilterOptions {

    @Option(
            names = "--reason",
            paramLabel = "REASON",
            description = "Only these reasons, such as relays-exhausted; several with commas.")
    private List<String> reasons = new ArrayList<>();

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Died since then: 30m, 2h or 7d ago, or a time in UTC such as 2026-11-22T05:00.")
    private @Nullable String since;

    @Option(names = "--until", paramLabel = "TIME", description = "Died before then.")
    private @Nullable String until;

    @Option(names = "--type", paramLabel = "TYPE", description = "Only events of this type.")
    private @Nullable String type;

    @Option(
            names = "--recipient",
            paramLabel = "ADDRESS",
            description = "Only events for this address, or for a domain: @example.com.")
    private @Nullable String recipient;

    @Option(names = "--id", paramLabel = "ID", description = "Only the event with this id; may be given again.")
    private List<String> ids = new ArrayList<>();

    /** @throws IllegalArgumentException with a sentence for the operator */
    DeadLetterFilter read(Clock clock) {
        return DeadLetterFilter.of(reasons, since, until, type, recipient, ids, clock);
    }
}
