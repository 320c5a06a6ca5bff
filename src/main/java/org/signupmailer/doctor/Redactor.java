package org.signupmailer.doctor;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.Secret;

/**
 * Takes a relay's password out of what others say: a relay may quote what it was told, in any later reply, in pieces and
 * cut off. Whatever came from outside goes through here before anybody sees it.
 */
final class Redactor {

    private static final String INSTEAD = "***";
    /** A cut-off secret is recognized from so many characters on. */
    private static final int FEWEST = 4;

    private final List<Pattern> secrets;
    private final Set<String> texts = new TreeSet<>();

    Redactor(Relay relay) {
        Secret secret = relay.secret();
        String user = relay.user();
        if (secret != null) {
            String password = secret.reveal();
            texts.add(password);
            texts.add(base64(password));
            if (user != null) {
                texts.add(base64("\0" + user + "\0" + password));
                texts.add(base64(user));
            }
        }
        // The longest first, or what is left of it would no longer be recognized.
        this.secrets = texts.stream()
                .sorted((a, b) -> b.length() - a.length())
                .map(Redactor::inPieces)
                .toList();
    }

    String safe(String fromOutside) {
        String safe = fromOutside;
        for (Pattern secret : secrets) {
            safe = secret.matcher(safe).replaceAll(Matcher.quoteReplacement(INSTEAD));
        }
        for (String text : texts) {
            for (int length = Math.min(text.length(), safe.length()); length >= FEWEST; length--) {
                if (safe.regionMatches(true, safe.length() - length, text, 0, length)) {
                    safe = safe.substring(0, safe.length() - length) + INSTEAD;
                }
            }
        }
        return safe;
    }

    // Lines of a reply are joined by spaces, wherever they broke.
    private static Pattern inPieces(String secret) {
        return Pattern.compile(
                secret.codePoints()
                        .filter(c -> !Character.isWhitespace(c))
                        .mapToObj(c -> Pattern.quote(Character.toString(c)))
                        .collect(Collectors.joining("\\s*")),
                Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
