package org.signupmailer.email;

/** Single characters in UTF-8 (RFC 3629), for texts that are written character by character. */
final class Utf8 {

    private static final int INSTEAD = '?';

    private Utf8() {}

    /**
     * How many bytes the character at {@code i} takes: four for a surrogate pair, one for what is half a character.
     *
     * @param end of the text within its array
     */
    static int length(char[] text, int end, int i) {
        char c = text[i];
        if (c < 0x80) {
            return 1;
        }
        if (c < 0x800) {
            return 2;
        }
        if (!Character.isSurrogate(c)) {
            return 3;
        }
        return isPair(text, end, i) ? 4 : 1;
    }

    /** Writes the character at {@code i}, and says how many bytes that were. */
    static int put(char[] text, int end, int i, byte[] to, int at) {
        char c = text[i];
        if (c < 0x80) {
            to[at] = (byte) c;
            return 1;
        }
        if (c < 0x800) {
            to[at] = (byte) (0xC0 | (c >> 6));
            to[at + 1] = tail(c);
            return 2;
        }
        if (!Character.isSurrogate(c)) {
            to[at] = (byte) (0xE0 | (c >> 12));
            to[at + 1] = tail(c >> 6);
            to[at + 2] = tail(c);
            return 3;
        }
        if (!isPair(text, end, i)) {
            to[at] = INSTEAD;
            return 1;
        }
        int character = Character.toCodePoint(c, text[i + 1]);
        to[at] = (byte) (0xF0 | (character >> 18));
        to[at + 1] = tail(character >> 12);
        to[at + 2] = tail(character >> 6);
        to[at + 3] = tail(character);
        return 4;
    }

    private static byte tail(int bits) {
        return (byte) (0x80 | (bits & 0x3F));
    }

    private static boolean isPair(char[] text, int end, int i) {
        return Character.isHighSurrogate(text[i]) && i + 1 < end && Character.isLowSurrogate(text[i + 1]);
    }
}
