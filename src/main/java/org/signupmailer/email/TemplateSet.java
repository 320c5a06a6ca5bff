package org.signupmailer.email;

import freemarker.cache.StringTemplateLoader;
import freemarker.cache.StrongCacheStorage;
import freemarker.core.ParseException;
import freemarker.core.TemplateClassResolver;
import freemarker.template.Configuration;
import freemarker.template.SimpleObjectWrapper;
import freemarker.template.Template;
import freemarker.template.TemplateExceptionHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All templates, parsed and tried out; immutable and safe for use by many threads. A set is loaded as a whole or not at
 * all, so that one set can take another's place between two mails ({@link EmailRenderer#use}).
 */
public final class TemplateSet {

    /** The locale that every type has, whatever operators take away or set as default. */
    static final Locale LAST_RESORT = Locale.ENGLISH;

    /** No BCP 47 tag in use is longer; whatever is, is noise. */
    private static final int LONGEST_LOCALE = 35;

    private static final Logger log = LoggerFactory.getLogger(TemplateSet.class);

    private static final Pattern PARTS = Pattern.compile("([^/]+)/([^/]+)/(subject\\.ftl|text\\.ftl|html\\.ftlh)");

    /** Reaching Java, or running a value as a template, has no place in a mail. */
    private static final Pattern FORBIDDEN = Pattern.compile("\\?(new|api|eval|interpret)\\b");

    private final Map<String, Map<String, MailTemplates>> byTypeAndLocale;

    private TemplateSet(Map<String, Map<String, MailTemplates>> byTypeAndLocale) {
        this.byTypeAndLocale = byTypeAndLocale;
    }

    /**
     * Loads the built-in templates and, over them, those of a folder: a file there takes the place of the built-in one
     * with the same path. Every template is parsed, and each mail is rendered once with invented events.
     *
     * @param folder the operators' folder, or null for the built-in templates alone
     * @throws TemplateFailure for the first template that is broken; says file and line
     * @throws SettingException if the folder does not exist or can't be read
     */
    public static TemplateSet load(@Nullable Path folder) throws TemplateFailure {
        SortedMap<String, TemplateFile> files = TemplateFiles.builtIn();
        if (folder != null) {
            TemplateFiles.in(folder).forEach((path, file) -> {
                String place = sameLocale(path, files);
                files.put(place, new TemplateFile(place, file.origin(), file.source()));
            });
        }
        for (TemplateFile file : files.values()) {
            refuseForbidden(file);
        }
        TemplateSet set = new TemplateSet(parse(files));
        Rehearsal.of(set);
        return set;
    }

    /**
     * The templates for a type in the best locale there is: the one asked for, then less specific ones
     * ({@code zh-Hant-TW}, {@code zh-Hant}, {@code zh}), then the default, then English. Type and locale are only looked
     * up, never made into a path.
     *
     * @return null if the type is unknown
     */
    @Nullable
    MailTemplates find(String type, @Nullable String locale, Locale defaultLocale) {
        Map<String, MailTemplates> byLocale = byTypeAndLocale.get(type);
        if (byLocale == null) {
            return null;
        }
        MailTemplates found = locale == null || locale.length() > LONGEST_LOCALE ? null : closest(byLocale, locale);
        if (found == null) {
            found = closest(byLocale, defaultLocale.toLanguageTag());
        }
        return found == null ? byLocale.get(key(LAST_RESORT.toLanguageTag())) : found;
    }

    /** Every type and each of its locales. */
    Map<String, Map<String, MailTemplates>> all() {
        return byTypeAndLocale;
    }

    private static @Nullable MailTemplates closest(Map<String, MailTemplates> byLocale, String locale) {
        for (String key = key(locale); ; key = key.substring(0, key.lastIndexOf('-'))) {
            MailTemplates found = byLocale.get(key);
            if (found != null || key.lastIndexOf('-') < 0) {
                return found;
            }
        }
    }

    /** Locales are the same whatever their case and separator: {@code ru_RU}, {@code ru-ru}. */
    private static String key(String locale) {
        return locale.strip().replace('_', '-').toLowerCase(Locale.ROOT);
    }

    /** An operators' {@code pt_br} takes the place of a built-in {@code pt-BR}. */
    private static String sameLocale(String path, Map<String, TemplateFile> files) {
        if (files.containsKey(path) || !PARTS.matcher(path).matches()) {
            return path;
        }
        return files.keySet().stream()
                .filter(known -> PARTS.matcher(known).matches() && key(known).equals(key(path)))
                .findFirst()
                .orElse(path);
    }

    private static void refuseForbidden(TemplateFile file) throws TemplateFailure {
        Matcher found = FORBIDDEN.matcher(file.source());
        if (found.find()) {
            String before = file.source().substring(0, found.start());
            int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
            int column = found.start() - before.lastIndexOf('\n');
            throw TemplateFailure.at(
                    file.origin(), line, column, "\"" + found.group() + "\" is not allowed in templates; take it out");
        }
    }

    private static Map<String, Map<String, MailTemplates>> parse(SortedMap<String, TemplateFile> files)
            throws TemplateFailure {
        Configuration freemarker = configuration(files);
        Map<String, Template> templates = new HashMap<>();
        SortedMap<String, Set<String>> localesByType = new TreeMap<>();
        for (TemplateFile file : files.values()) {
            templates.put(file.path(), parse(freemarker, file));
            Matcher parts = PARTS.matcher(file.path());
            if (parts.matches()) {
                localesByType
                        .computeIfAbsent(parts.group(1), type -> new TreeSet<>())
                        .add(parts.group(2));
            } else if (!file.path().startsWith("layout/")) {
                log.warn(
                        "Template \"{}\" is used only where another template includes it; mails are made from"
                                + " <type>/<locale>/subject.ftl, text.ftl and html.ftlh",
                        file);
            }
        }
        Map<String, Map<String, MailTemplates>> byTypeAndLocale = new HashMap<>();
        localesByType.forEach((type, locales) -> {
            Map<String, MailTemplates> byLocale = new HashMap<>();
            for (String locale : locales) {
                MailTemplates mail = complete(type, locale, templates, files);
                if (mail != null) {
                    byLocale.put(key(locale), mail);
                }
            }
            byTypeAndLocale.put(type, Map.copyOf(byLocale));
        });
        return Map.copyOf(byTypeAndLocale);
    }

    /** A mail in two languages is worse than one in the wrong language: a locale needs all its parts to be used. */
    private static @Nullable MailTemplates complete(
            String type, String folder, Map<String, Template> templates, Map<String, TemplateFile> files) {
        String prefix = type + "/" + folder + "/";
        Template subject = templates.get(prefix + TemplateFile.SUBJECT);
        Template text = templates.get(prefix + TemplateFile.TEXT);
        Template html = templates.get(prefix + TemplateFile.HTML);
        if (subject == null || text == null || html == null) {
            log.warn(
                    "Templates \"{}\" are not used, since subject.ftl, text.ftl or html.ftlh is missing there; add what"
                            + " is missing",
                    prefix);
            return null;
        }
        try {
            Locale locale = new Locale.Builder()
                    .setLanguageTag(folder.replace('_', '-'))
                    .build();
            return new MailTemplates(locale, subject, text, html, name -> origin(name, files));
        } catch (IllformedLocaleException e) {
            log.warn(
                    "Templates \"{}\" are not used, since \"{}\" is no locale; name the folder like de or pt-BR",
                    prefix,
                    folder);
            return null;
        }
    }

    private static String origin(String name, Map<String, TemplateFile> files) {
        TemplateFile file = files.get(name);
        return file == null ? name : file.origin();
    }

    private static Template parse(Configuration freemarker, TemplateFile file) throws TemplateFailure {
        try {
            return freemarker.getTemplate(file.path());
        } catch (ParseException e) {
            throw TemplateFailure.parsing(file.origin(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("A template in memory can't be read", e);
        }
    }

    /** FreeMarker with every way to Java closed, and silent: its log and its error output quote values. */
    private static Configuration configuration(Map<String, TemplateFile> files) {
        StringTemplateLoader sources = new StringTemplateLoader();
        files.values().forEach(file -> sources.putTemplate(file.path(), file.source()));
        Configuration freemarker = new Configuration(Configuration.VERSION_2_3_34);
        freemarker.setTemplateLoader(sources);
        freemarker.setCacheStorage(new StrongCacheStorage());
        freemarker.setTemplateUpdateDelayMilliseconds(Long.MAX_VALUE);
        freemarker.setLocalizedLookup(false);
        freemarker.setLocale(LAST_RESORT);
        freemarker.setDefaultEncoding(StandardCharsets.UTF_8.name());
        freemarker.setNumberFormat("c");
        freemarker.setObjectWrapper(new SimpleObjectWrapper(Configuration.VERSION_2_3_34));
        freemarker.setNewBuiltinClassResolver(TemplateClassResolver.ALLOWS_NOTHING_RESOLVER);
        freemarker.setAPIBuiltinEnabled(false);
        freemarker.setTemplateExceptionHandler(TemplateExceptionHandler.RETHROW_HANDLER);
        freemarker.setAttemptExceptionReporter((e, environment) -> {});
        freemarker.setLogTemplateExceptions(false);
        freemarker.setWrapUncheckedExceptions(true);
        return freemarker;
    }
}
