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
        return text.codePoints()
                .filter(Addresses::isVisible)
                .limit(most)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
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
