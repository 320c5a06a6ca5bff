package org.signupmailer.event;

import org.jspecify.annotations.Nullable;

/** How addresses are shown where people other than the recipient read. */
public final class Addresses {

    private static final int LONGEST_DOMAIN = 80;

    private Addresses() {}

    /**
     * An address for a log: {@code a***@example.com}. Takes anything: what is no address shows its first character at
     * most, control and invisible characters are dropped, a domain longer than 80 characters is cut.
     */
    public static String mask(@Nullable String address) {
        if (address == null) {
            return "***";
        }
        int at = address.lastIndexOf('@');
        if (at < 0) {
            return visible(address, 1) + "***";
        }
        return visible(address.substring(0, at), 1) + "***@" + visible(address.substring(at + 1), LONGEST_DOMAIN);
    }

    private static String visible(String text, int most) {
        StringBuilder visible = new StringBuilder(Math.min(text.length(), most));
        int shown = 0;
        for (int i = 0; i < text.length() && shown < most; ) {
            int character = text.codePointAt(i);
            i += Character.charCount(character);
            if (isVisible(character)) {
                visible.appendCodePoint(character);
                shown++;
            }
        }
        return visible.toString();
    }

    private static boolean isVisible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.PRIVATE_USE,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
