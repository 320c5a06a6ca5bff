package org.signupmailer.doctor;

/** Colours and marks of a terminal, or neither. */
enum Style {
    COLOURED("\u001b[32m✔\u001b[0m", "\u001b[33m!\u001b[0m", "\u001b[31m✖\u001b[0m", "\u001b[2m–\u001b[0m"),
    PLAIN("✔", "!", "✖", "–");

    private final String well;
    private final String warning;
    private final String failed;
    private final String skipped;

    Style(String well, String warning, String failed, String skipped) {
        this.well = well;
        this.warning = warning;
        this.failed = failed;
        this.skipped = skipped;
    }

    String mark(Outcome outcome) {
        return switch (outcome) {
            case OK -> well;
            case WARNING -> warning;
            case FAILED -> failed;
            case SKIPPED -> skipped;
        };
    }

    String bold(String text) {
        return this == COLOURED ? "\u001b[1m" + text + "\u001b[0m" : text;
    }

    String faint(String text) {
        return this == COLOURED ? "\u001b[2m" + text + "\u001b[0m" : text;
    }
}
