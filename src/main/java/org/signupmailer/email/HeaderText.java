package org.signupmailer.email;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * The value of an unstructured header field: one line, folded (RFC 5322, 2.2.3), in encoded words (RFC 2047) where it
 * has to be.
 */
final class HeaderText {

    private static final int LINE = 78;
    private static final int LINE_WITH_ENCODED_WORD = 76;
    private static final int LONGEST_ENCODED_WORD = 75;
    /** What has no space can't be folded, and no line may have more than 998 bytes. */
    private static final int LONGEST_PLAIN_WORD = 900;

    private static final String OPEN = "=?UTF-8?B?";
    private static final String CLOSE = "?=";

    private HeaderText() {}

    /** The value that goes behind {@code name}, a colon and a space. */
    static String of(String name, String value) {
        String line = OneLine.of(value);
        int used = name.length() + 2;
        return isPlain(line) ? folded(used, line) : encoded(used, line);
    }

    // What looks like an encoded word must be encoded, or readers would show what it says instead of it.
    private static boolean isPlain(String line) {
        int word = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            word = c == ' ' ? 0 : word + 1;
            if (c >= 127 || word > LONGEST_PLAIN_WORD) {
                return false;
            }
        }
        return !line.contains("=?");
    }

    private static String folded(int used, String line) {
        if (used + line.length() <= LINE) {
            return line;
        }
        StringBuilder folded = new StringBuilder(line.length() + 32);
        int column = used;
        for (String word : line.split(" ", -1)) {
            if (!folded.isEmpty()) {
                boolean fits = column + 1 + word.length() <= LINE;
                folded.append(fits ? " " : "\r\n ");
                column = fits ? column + 1 : 1;
            }
            folded.append(word);
            column += word.length();
        }
        return folded.toString();
    }

    private static String encoded(int used, String line) {
        StringBuilder words = new StringBuilder(line.length() * 3);
        int room = room(LINE_WITH_ENCODED_WORD - used);
        int from = 0;
        int bytes = 0;
        for (int at = 0; at < line.length(); ) {
            int character = line.codePointAt(at);
            int more = utf8Length(character);
            if (bytes + more > room) {
                word(words, line.substring(from, at));
                words.append("\r\n ");
                from = at;
                bytes = 0;
                room = room(LINE_WITH_ENCODED_WORD - 1);
            }
            bytes += more;
            at += Character.charCount(character);
        }
        word(words, line.substring(from));
        return words.toString();
    }

    /** How many bytes an encoded word can hold that has so many columns. */
    private static int room(int columns) {
        return (Math.min(columns, LONGEST_ENCODED_WORD) - OPEN.length() - CLOSE.length()) / 4 * 3;
    }

    private static void word(StringBuilder words, String text) {
        words.append(OPEN)
                .append(Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)))
                .append(CLOSE);
    }

    private static int utf8Length(int character) {
        if (character < 0x80) {
            return 1;
        }
        return character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    }
}
