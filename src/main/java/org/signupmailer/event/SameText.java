package org.signupmailer.event;

/**
 * Makes one text of equal ones that follow each other: thousands of events wait in memory, and what published them and
 * their language are mostly the same. Safe for use by many threads.
 */
final class SameText {

    private volatile String last = "";

    /** A text that is equal to this one, the last one if that is. */
    String of(String text) {
        String before = last;
        if (before.equals(text)) {
            return before;
        }
        last = text;
        return text;
    }
}
