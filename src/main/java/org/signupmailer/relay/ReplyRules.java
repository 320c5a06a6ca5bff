package org.signupmailer.relay;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;

/** Reads a file of rules, the product's or an operator's; what is wrong with it is told with file and rule. */
final class ReplyRules {

    private static final Pattern CODE = Pattern.compile("[245][0-9x]{2}");
    private static final Pattern ENHANCED = Pattern.compile("[245](?:\\.(?:\\d{1,3}|\\*)){2}|null");

    private final String file;
    private final ProviderPresets presets;

    /**
     * @param file name of the file in errors
     */
    ReplyRules(String file, ProviderPresets presets) {
        this.file = file;
        this.presets = presets;
    }

    /**
     * The rules in the order of the file.
     *
     * @throws SettingException one sentence with the file and the line or rule
     */
    List<ReplyRule> read(InputStream yaml) throws IOException {
        FileEntry content;
        try {
            content = RelayYaml.MAPPER.readValue(yaml, FileEntry.class);
        } catch (JsonProcessingException e) {
            throw new SettingException(
                    file + ", " + RelayYaml.where(e) + "; see docs/relays.md for the form of a rule.");
        }
        if (content == null || content.rules == null) {
            throw new SettingException(file + " holds no list \"rules\"; see docs/relays.md for the form of a rule.");
        }
        List<ReplyRule> rules = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (Entry entry : content.rules) {
            rules.add(rule(entry, rules.size() + 1));
            if (!ids.add(String.valueOf(entry.id))) {
                throw new SettingException(file + ": two rules are named \"" + entry.id + "\"; ids must be unique.");
            }
        }
        return rules;
    }

    private ReplyRule rule(Entry entry, int number) {
        String id = entry.id;
        if (id == null || id.isBlank()) {
            throw new SettingException(file + ": rule " + number + " has no id; give it one, such as my-rule.");
        }
        String where = file + ": rule \"" + id + "\" ";
        if (entry.failureClass == null || entry.explanation == null || entry.explanation.isBlank()) {
            throw new SettingException(
                    where + "needs a class (one of " + words(FailureClass.values()) + ") and an explanation.");
        }
        return new ReplyRule(
                Set.copyOf(presets(entry, where)),
                Set.copyOf(phases(entry, where)),
                patterns(entry.codes, CODE, where, "code", "three digits such as 550, with x for any: 55x"),
                patterns(
                        entry.enhanced,
                        ENHANCED,
                        where,
                        "enhanced status code",
                        "three numbers such as 5.1.1, with *" + " for any: 5.1.*"),
                regex(entry.text, where, "text"),
                regex(entry.unless, where, "unless"),
                entry.answered,
                new Verdict(
                        failureClass(entry.failureClass, where),
                        entry.explanation.strip(),
                        entry.remedy,
                        restFor(entry.restFor, where),
                        id));
    }

    private List<String> presets(Entry entry, String where) {
        List<String> names = orEmpty(entry.presets);
        for (String name : names) {
            if (presets.byName(name) == null) {
                throw new SettingException(where + "has preset \"" + name + "\", which is not known"
                        + Closest.to(name, presets.names())
                                .map(near -> "; did you mean \"" + near + "\"?")
                                .orElse("; use one of " + String.join(", ", presets.names()) + "."));
            }
        }
        return names;
    }

    private static List<SmtpPhase> phases(Entry entry, String where) {
        List<SmtpPhase> phases = new ArrayList<>();
        for (String word : orEmpty(entry.phases)) {
            phases.add(Stream.of(SmtpPhase.values())
                    .filter(phase -> phase.name().equalsIgnoreCase(word))
                    .findFirst()
                    .orElseThrow(() -> new SettingException(where + "has phase \"" + word
                            + "\", which is not known; use one of " + words(SmtpPhase.values()) + ".")));
        }
        return phases;
    }

    private static FailureClass failureClass(String word, String where) {
        return Stream.of(FailureClass.values())
                .filter(failureClass -> failureClass.name().equalsIgnoreCase(word))
                .findFirst()
                .orElseThrow(() -> new SettingException(where + "has class \"" + word
                        + "\", which is not known; use one of " + words(FailureClass.values()) + "."));
    }

    private static List<Pattern> patterns(
            @Nullable List<String> written, Pattern form, String where, String what, String allowed) {
        List<Pattern> patterns = new ArrayList<>();
        for (String text : orEmpty(written)) {
            if (!form.matcher(text).matches()) {
                throw new SettingException(
                        where + "has " + what + " \"" + text + "\", which is none; write " + allowed + ".");
            }
            patterns.add(
                    Pattern.compile(text.replace(".", "\\.").replace("x", "\\d").replace("*", "\\d+")));
        }
        return patterns;
    }

    private static @Nullable Pattern regex(@Nullable String text, String where, String what) {
        try {
            return text == null ? null : Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
        } catch (PatternSyntaxException e) {
            throw new SettingException(where + "has " + what + " \"" + text + "\", which is not a regular expression ("
                    + e.getDescription() + "); correct it.");
        }
    }

    private static @Nullable Duration restFor(@Nullable String text, String where) {
        if (text == null) {
            return null;
        }
        try {
            Duration time = Duration.parse(text);
            if (!time.isNegative() && !time.isZero()) {
                return time;
            }
        } catch (DateTimeParseException e) {
            // Falls through to the same sentence.
        }
        throw new SettingException(where + "has restFor \"" + text
                + "\", which is not a time above 0; write it as PT30S, PT15M or PT24H.");
    }

    private static List<String> orEmpty(@Nullable List<String> list) {
        return list == null ? List.of() : list;
    }

    private static String words(Enum<?>[] values) {
        return String.join(
                ", ",
                Stream.of(values)
                        .map(value -> value.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    private record FileEntry(@Nullable List<Entry> rules) {}

    private record Entry(
            @Nullable String id,
            @Nullable List<String> presets,
            @Nullable List<String> phases,
            @Nullable List<String> codes,
            @Nullable List<String> enhanced,
            @Nullable String text,
            @Nullable String unless,
            @Nullable Boolean answered,
            @JsonProperty("class") @Nullable String failureClass,
            @Nullable String explanation,
            @Nullable String remedy,
            @Nullable String restFor) {}
}
