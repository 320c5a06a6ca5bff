package org.signupmailer.live;

import java.util.List;

/** The kinds of folders that operators edit on a running system. */
public enum Edited {
    ROUTES("routes", "mailer.routes-dir", 1, ".camel.yaml"),
    /** Type, locale, file; one more for a layout in folders. */
    TEMPLATES("templates", "mailer.templates-dir", 4, ".ftl", ".ftlh");

    private final String plural;
    private final String setting;
    private final int depth;

    @SuppressWarnings("ImmutableEnumChecker") // A list that nobody can change.
    private final List<String> endings;

    Edited(String plural, String setting, int depth, String... endings) {
        this.plural = plural;
        this.setting = setting;
        this.depth = depth;
        this.endings = List.of(endings);
    }

    /** As in sentences and commands. */
    public String plural() {
        return plural;
    }

    /** The key of the setting that names the folder. */
    String setting() {
        return setting;
    }

    /** How many folders deep its files are. */
    int depth() {
        return depth;
    }

    /** Whether a file belongs to it, by its name. */
    boolean counts(String name) {
        return endings.stream().anyMatch(name::endsWith);
    }
}
