package org.signupmailer.relay;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** "Did you mean": the nearest of the allowed words, if it is near enough to be a misspelling. */
public final class Closest {

    private Closest() {}

    /** The nearest allowed word; empty when none is near. */
    public static Optional<String> to(String word, Collection<String> allowed) {
        String lower = word.toLowerCase(Locale.ROOT);
        // Two letters, which two swapped ones are, or a third of a long word.
        int near = Math.max(2, Math.min(lower.length(), 40) / 3);
        return allowed.stream()
                .filter(candidate -> lower.length() <= 40 && distance(lower, candidate) <= near)
                .min(Comparator.comparingInt(candidate -> distance(lower, candidate)));
    }

    /** Levenshtein's distance. */
    private static int distance(String a, String candidate) {
        String b = candidate.toLowerCase(Locale.ROOT);
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
