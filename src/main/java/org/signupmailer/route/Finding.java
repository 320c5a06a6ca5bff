package org.signupmailer.route;

import java.util.Comparator;

/**
 * Something in the route files that is wrong, or hardly meant.
 *
 * @param rule a short name for it, the same in all versions
 * @param file as operators know it
 * @param line from 1; 0 when it has no place in the file
 * @param column from 1; 0 when it has no place in the file
 * @param sentence what it is and what to do; never a secret
 */
record Finding(Severity severity, String rule, String file, int line, int column, String sentence) {

    static final Comparator<Finding> IN_ORDER = Comparator.comparing(Finding::severity)
            .thenComparing(Finding::file)
            .thenComparingInt(Finding::line)
            .thenComparingInt(Finding::column);

    enum Severity {
        /** The folder is not used while this is there. */
        ERROR,
        /** Worth a look. */
        WARNING
    }

    /** Where it is, as tools read it: {@code routes/relays.camel.yaml:12:9}. */
    String place() {
        return line == 0 ? file : file + ":" + line + ":" + column;
    }

    @Override
    public String toString() {
        return place() + ": " + sentence;
    }
}
