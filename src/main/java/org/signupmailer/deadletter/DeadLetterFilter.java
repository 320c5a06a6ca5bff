package org.signupmailer.deadletter;

import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.signupmailer.delivery.DeadLetterReason;
import org.signupmailer.topic.Moment;
import org.signupmailer.topic.Plain;

/**
 * Which dead letters are meant. What is empty or null does not narrow.
 *
 * @param reasons words of {@link DeadLetterReason#id()}
 * @param since died then or later
 * @param until died before
 * @param type the event's type
 * @param recipient a whole address, or a domain with {@code @} before it; case does not matter
 * @param ids ids of events
 */
record DeadLetterFilter(
        Set<String> reasons,
        @Nullable Instant since,
        @Nullable Instant until,
        @Nullable String type,
        @Nullable String recipient,
        Set<String> ids) {

    static final DeadLetterFilter ALL = new DeadLetterFilter(Set.of(), null, null, null, null, Set.of());

    DeadLetterFilter {
        reasons = Set.copyOf(reasons);
        ids = Set.copyOf(ids);
    }

    /**
     * From what an operator wrote.
     *
     * @param reasons may hold several with commas between them
     * @throws IllegalArgumentException with a sentence for the operator
     */
    static DeadLetterFilter of(
            Collection<String> reasons,
            @Nullable String since,
            @Nullable String until,
            @Nullable String type,
            @Nullable String recipient,
            Collection<String> ids,
            Clock clock) {
        Set<String> known = new LinkedHashSet<>();
        for (String written : reasons) {
            for (String one : written.split(",", -1)) {
                if (!one.isBlank()) {
                    known.add(reason(one.strip()));
                }
            }
        }
        Instant from = moment("since", since, clock);
        Instant to = moment("until", until, clock);
        if (from != null && to != null && !from.isBefore(to)) {
            throw new IllegalArgumentException("since (" + Moment.words(from) + ") is not before until ("
                    + Moment.words(to) + "); nothing can lie between them.");
        }
        return new DeadLetterFilter(
                known,
                from,
                to,
                type == null || type.isBlank() ? null : type.strip(),
                recipient == null || recipient.isBlank()
                        ? null
                        : recipient.strip().toLowerCase(Locale.ROOT),
                Set.copyOf(ids));
    }

    private static @Nullable Instant moment(String name, @Nullable String text, Clock clock) {
        return text == null || text.isBlank() ? null : Moment.parse(name, text, clock.instant());
    }

    private static String reason(String written) {
        String word = written.toLowerCase(Locale.ROOT);
        List<String> all = Arrays.stream(DeadLetterReason.values())
                .map(DeadLetterReason::id)
                .toList();
        if (!all.contains(word)) {
            throw new IllegalArgumentException("\"" + Plain.text(written) + "\" is no reason of a dead letter; use "
                    + String.join(", ", all) + ".");
        }
        return word;
    }

    boolean matches(DeadLetter letter) {
        return (reasons.isEmpty() || reasons.contains(letter.reason()))
                && (since == null || !letter.time().isBefore(since))
                && (until == null || letter.time().isBefore(until))
                && (type == null || type.equals(letter.type()))
                && (ids.isEmpty() || (letter.id() != null && ids.contains(letter.id())))
                && isFor(letter.recipient());
    }

    private boolean isFor(@Nullable String address) {
        if (recipient == null) {
            return true;
        }
        if (address == null) {
            return false;
        }
        String lower = address.toLowerCase(Locale.ROOT);
        return recipient.startsWith("@") ? lower.endsWith(recipient) : lower.equals(recipient);
    }

    /** Says nothing of whom it is about. */
    @Override
    public String toString() {
        return "DeadLetterFilter[" + reasons + "]";
    }
}
