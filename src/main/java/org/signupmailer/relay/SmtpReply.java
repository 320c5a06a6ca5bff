package org.signupmailer.relay;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a relay answered, made safe to log and to keep: one line, at most {@value #MAX_TEXT} characters, no control or
 * invisible characters. A text may still hold an address or a link; {@link #masked()} hides them.
 *
 * @param code     200 to 599, or {@link #UNREADABLE} if the answer didn't begin with a code
 * @param enhanced of the first line that has one (RFC 2034), or null
 * @param text     without the codes; empty if there was none
 */
public record SmtpReply(int code, @Nullable EnhancedStatusCode enhanced, String text) {

    /** Stands for an answer that is not SMTP. */
    public static final int UNREADABLE = 0;

    static final int MAX_TEXT = 500;
    // Whatever comes later can't add to 500 characters of text, short of lines that are all padding.
    private static final int MAX_READ = 16 * 1024;

    private static final Pattern LINE_BREAK = Pattern.compile("\r\n|\r|\n");
    private static final Pattern ADDRESS =
            Pattern.compile("([^\\s@<>()\\[\\]\"',;:=])[^\\s@<>()\\[\\]\"',;:=]{0,63}@([\\p{L}\\p{N}._-]{1,253})");
    private static final Pattern LINK =
            Pattern.compile("\\b(https?://[^\\s/?#<>\"'()]{1,253})[/?#][^\\s<>\"']*", Pattern.CASE_INSENSITIVE);

    public SmtpReply {
        if (code != UNREADABLE && (code < 200 || code > 599)) {
            throw new IllegalArgumentException("not an SMTP reply code: " + code);
        }
        text = bounded(clean(text));
    }

    /** Reads any text, however hostile; never throws. Lines are joined by a space. */
    public static SmtpReply parse(String rawServerResponse) {
        String raw = rawServerResponse.substring(0, Math.min(MAX_READ, rawServerResponse.length()));
        int code = UNREADABLE;
        EnhancedStatusCode enhanced = null;
        List<String> texts = new ArrayList<>();
        for (String rawLine : lines(raw)) {
            String text = rawLine;
            int lineCode = codeOf(rawLine);
            if (lineCode != UNREADABLE) {
                if (code == UNREADABLE && texts.isEmpty()) {
                    code = lineCode;
                }
                if (code == lineCode) {
                    text = rawLine.substring(Math.min(4, rawLine.length()));
                }
            }
            text = clean(text);
            int start = text.startsWith("#") ? 1 : 0;
            int end = code == UNREADABLE ? -1 : EnhancedStatusCode.endOf(text, start);
            if (end >= 0) {
                EnhancedStatusCode found = EnhancedStatusCode.of(text, start, end);
                enhanced = enhanced == null ? found : enhanced;
                text = found.equals(enhanced) ? text.substring(endOfGap(text, end)) : text;
            }
            if (!text.isEmpty()) {
                texts.add(text);
            }
        }
        String text = String.join(" ", texts);
        if (enhanced == null && code != UNREADABLE) {
            enhanced = hashed(text);
        }
        return new SmtpReply(code, enhanced, text);
    }

    /** The same with addresses as {@code a***@example.com} and links as {@code https://example.com/***}, for logs. */
    public SmtpReply masked() {
        String linkless = LINK.matcher(text).replaceAll("$1/***");
        return new SmtpReply(code, enhanced, ADDRESS.matcher(linkless).replaceAll("$1***@$2"));
    }

    /** {@code 550 5.1.1}: what the relay can't put a mail's contents into. */
    public String codes() {
        String first = code == UNREADABLE ? "(no code)" : Integer.toString(code);
        return enhanced == null ? first : first + " " + enhanced;
    }

    /** The text without addresses: those are chosen by whoever signs up, and may read like a verdict. */
    String words() {
        return ADDRESS.matcher(text).replaceAll("@");
    }

    /** {@code 550 5.1.1 No such user}. */
    @Override
    public String toString() {
        return text.isEmpty() ? codes() : codes() + " " + text;
    }

    // Three digits, alone or with a space or a hyphen behind them.
    private static int codeOf(String line) {
        if (line.length() < 3 || (line.length() > 3 && line.charAt(3) != ' ' && line.charAt(3) != '-')) {
            return UNREADABLE;
        }
        int first = line.charAt(0) - '0';
        int second = line.charAt(1) - '0';
        int third = line.charAt(2) - '0';
        boolean digits = first >= 2 && first <= 5 && second >= 0 && second <= 9 && third >= 0 && third <= 9;
        return digits ? first * 100 + second * 10 + third : UNREADABLE;
    }

    private static int endOfGap(String text, int start) {
        int end = start;
        while (end < text.length() && " :-".indexOf(text.charAt(end)) >= 0) {
            end++;
        }
        return end;
    }

    // qmail's habit: "sorry, no mailbox here by that name (#5.1.1)".
    private static @Nullable EnhancedStatusCode hashed(String text) {
        for (int hash = text.indexOf('#'); hash >= 0; hash = text.indexOf('#', hash + 1)) {
            int end = EnhancedStatusCode.endOf(text, hash + 1);
            if (end >= 0) {
                return EnhancedStatusCode.of(text, hash + 1, end);
            }
        }
        return null;
    }

    private static String[] lines(String raw) {
        return raw.indexOf('\n') < 0 && raw.indexOf('\r') < 0 ? new String[] {raw} : LINE_BREAK.split(raw, -1);
    }

    /** Also drops what turns the direction of a line, hides in it or is half a character. */
    private static String clean(String text) {
        if (isClean(text)) {
            return text;
        }
        StringBuilder clean = new StringBuilder(Math.min(text.length(), MAX_READ));
        text.codePoints().forEach(c -> {
            switch (Character.getType(c)) {
                case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> clean.append(' ');
                case Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED -> {}
                default -> clean.appendCodePoint(c);
            }
        });
        return clean.toString().replaceAll("\\s+", " ").strip();
    }

    // Nearly every reply of a well relay is, and each mail has four of them.
    private static boolean isClean(String text) {
        char before = ' ';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || (c == ' ' && before == ' ')) {
                return false;
            }
            before = c;
        }
        return text.isEmpty() || before != ' ';
    }

    private static String bounded(String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_TEXT - 1)) ? MAX_TEXT - 1 : MAX_TEXT;
        return text.substring(0, end).strip();
    }
}
