package org.signupmailer.doctor;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.signupmailer.relay.ProviderPreset;
import org.signupmailer.relay.Verdict;

/** All that the doctor says, in one language: the files in {@code doctor/} of the jar. */
final class Texts {

    private static final ObjectMapper YAML = YAMLMapper.builder()
            .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final Pattern PLACE = Pattern.compile("\\{([a-z.-]+)}");

    private final Language language;
    private final Map<String, Entry> findings = new LinkedHashMap<>();
    private final Map<String, Map<String, String>> words;
    private final Russian russian;

    /** An entry of the file of findings. */
    record Entry(String id, Step step, Said en, Said ru) {

        Said in(Language language) {
            return language == Language.RU ? ru : en;
        }
    }

    /** Cause and remedy with places to fill. */
    record Said(String cause, @Nullable String remedy) {}

    private record File(List<Entry> findings) {}

    private record PresetEntry(
            String user, String password, @Nullable List<String> dkim) {}

    private record Russian(Map<String, Said> replies, Map<String, PresetEntry> presets, List<Said> settings) {}

    Texts(Language language) {
        this.language = language;
        for (Entry entry : read("findings.yaml", new TypeReference<File>() {}).findings()) {
            findings.put(entry.id(), entry);
        }
        this.words = read("words.yaml", new TypeReference<Map<String, Map<String, String>>>() {});
        this.russian = read("russian.yaml", new TypeReference<Russian>() {});
    }

    private static <T> T read(String name, TypeReference<T> type) {
        try (InputStream in = Texts.class.getResourceAsStream("/doctor/" + name)) {
            if (in == null) {
                throw new IllegalStateException("/doctor/" + name + " is missing from the jar");
            }
            return YAML.readValue(in, type);
        } catch (IOException e) {
            throw new UncheckedIOException("/doctor/" + name + " can't be read", e);
        }
    }

    Language language() {
        return language;
    }

    /** All findings, in the order of the file. */
    List<Entry> all() {
        return List.copyOf(findings.values());
    }

    /** A phrase with its places filled. */
    String say(String key, Map<String, String> values) {
        Map<String, String> phrase = words.get(key);
        String text = phrase == null ? null : phrase.get(language == Language.RU ? "ru" : "en");
        if (text == null) {
            throw new IllegalArgumentException("the doctor has no word \"" + key + "\"");
        }
        return fill(text, values);
    }

    String say(String key) {
        return say(key, Map.of());
    }

    String step(Step step) {
        return say("step." + step.id());
    }

    /** What a finding of the file means. */
    Finding finding(String id, Map<String, String> values) {
        Entry entry = findings.get(id);
        if (entry == null) {
            throw new IllegalArgumentException("the doctor has no finding \"" + id + "\"");
        }
        Said said = entry.in(language);
        String remedy = said.remedy();
        return new Finding(
                id, entry.step(), fill(said.cause(), values), remedy == null ? "" : fill(remedy, values), null);
    }

    /** What the rule for a relay's reply says; an operator's own rule speaks its own language. */
    Finding reply(Step step, Verdict verdict) {
        Said said = language == Language.RU ? russian.replies().get(verdict.ruleId()) : null;
        String cause = said == null ? verdict.explanation() : said.cause();
        String remedy = said == null ? verdict.remedy() : said.remedy();
        return new Finding(verdict.ruleId(), step, cause, remedy == null ? "" : remedy, null);
    }

    /**
     * A warning from reading the settings; nothing if the examination says the same itself.
     *
     * @param warning a sentence in English, with the key it is about as its first word
     */
    List<Finding> setting(String warning) {
        for (Said known : russian.settings()) {
            Matcher matcher = Pattern.compile(known.cause(), Pattern.DOTALL).matcher(warning);
            if (matcher.matches()) {
                String said = known.remedy();
                if (said == null) {
                    return List.of();
                }
                String text = language == Language.RU ? matcher.replaceFirst(said) : warning;
                return List.of(new Finding("setting", Step.SETTINGS, text, "", null));
            }
        }
        return List.of(new Finding("setting", Step.SETTINGS, warning, "", null));
    }

    /** What to write as user name. */
    String userRule(ProviderPreset preset) {
        PresetEntry entry = language == Language.RU ? russian.presets().get(preset.name()) : null;
        return entry == null ? preset.user().rule() : entry.user();
    }

    /** What to write as password. */
    String passwordRule(ProviderPreset preset) {
        PresetEntry entry = language == Language.RU ? russian.presets().get(preset.name()) : null;
        return entry == null ? preset.password().rule() : entry.password();
    }

    /** Under which names this provider usually has its keys. */
    List<String> dkimSelectors(ProviderPreset preset) {
        PresetEntry entry = russian.presets().get(preset.name());
        return entry == null || entry.dkim() == null ? List.of() : entry.dkim();
    }

    // A value may hold anything, a brace too, and is not filled again.
    private static String fill(String text, Map<String, String> values) {
        Matcher place = PLACE.matcher(text);
        StringBuilder filled = new StringBuilder();
        while (place.find()) {
            String value = values.get(place.group(1));
            if (value == null) {
                throw new IllegalArgumentException("nothing to put in the place {" + place.group(1) + "}");
            }
            place.appendReplacement(filled, Matcher.quoteReplacement(value));
        }
        return place.appendTail(filled).toString();
    }
}
