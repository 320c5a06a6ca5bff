package org.signupmailer.dev;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The ways to look at a mail. */
enum View {
    HTML("HTML"),
    PHONE("Phone"),
    TEXT("Text"),
    HEADERS("Headers"),
    SOURCE("Source");

    private final String label;

    View(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }

    /** As it stands after the question mark of a mail's address. */
    String query() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The view of this query; HTML when it names none. */
    static View named(@Nullable String query) {
        for (View view : values()) {
            if (view.query().equals(query)) {
                return view;
            }
        }
        return HTML;
    }
}
