package org.signupmailer.topic;

import org.jspecify.annotations.Nullable;

/** Text from events and relays as it may stand on a terminal: none of it moves the cursor or turns the line around. */
public final class Plain {

    private Plain() {}

    /** The text in one line; what is not visible is shown as {@code ?}. */
    public static String text(@Nullable String text) {
        return text == null ? "" : clean(text, false);
    }

    /** The same, with its line breaks. */
    public static String lines(String text) {
        return clean(text, true);
    }

    private static String clean(String text, boolean breaks) {
        StringBuilder plain = new StringBuilder(text.length());
        text.codePoints().forEach(codePoint -> {
            if (isVisible(codePoint) || (breaks && codePoint == '\n')) {
                plain.appendCodePoint(codePoint);
            } else if (!breaks || codePoint != '\r') {
                plain.append('?');
            }
        });
        return plain.toString();
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
