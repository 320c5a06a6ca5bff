package org.signupmailer.relay;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One rule of {@code relay/reply-rules.yaml}: conditions, all of which have to hold, and a verdict. An empty condition
 * holds always; one about the reply never holds without a reply.
 *
 * @param presets  names of presets
 * @param phases   how far the attempt came
 * @param codes    of the reply, with {@code x} for any digit
 * @param enhanced status codes, with {@code *} for any number
 * @param text     found anywhere in the reply's text, but for addresses that it quotes; runs over at most {@value SmtpReply#MAX_TEXT} characters
 * @param unless   the rule doesn't hold if this is found in the reply's text
 * @param answered true: only with a readable reply, false: only without one, null: either
 */
record ReplyRule(
        Set<String> presets,
        Set<SmtpPhase> phases,
        List<Pattern> codes,
        List<Pattern> enhanced,
        @Nullable Pattern text,
        @Nullable Pattern unless,
        @Nullable Boolean answered,
        Verdict verdict) {

    boolean holds(@Nullable String preset, SmtpPhase phase, @Nullable SmtpReply reply) {
        if (!presets.isEmpty() && (preset == null || !presets.contains(preset))) {
            return false;
        }
        if (!phases.isEmpty() && !phases.contains(phase)) {
            return false;
        }
        if (answered != null && answered != (reply != null)) {
            return false;
        }
        return reply == null ? !asksForReply() : holds(reply);
    }

    private boolean holds(SmtpReply reply) {
        String status = String.valueOf(reply.enhanced());
        return (codes.isEmpty() || anyMatches(codes, Integer.toString(reply.code())))
                && (enhanced.isEmpty() || anyMatches(enhanced, status))
                && (text == null || text.matcher(reply.words()).find())
                && (unless == null || !unless.matcher(reply.words()).find());
    }

    boolean holdsAlways() {
        return presets.isEmpty() && phases.isEmpty() && answered == null && !asksForReply();
    }

    private boolean asksForReply() {
        return !codes.isEmpty() || !enhanced.isEmpty() || text != null || unless != null;
    }

    private static boolean anyMatches(List<Pattern> patterns, String value) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(value).matches());
    }
}
