package org.signupmailer.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Reads {@code .env} in the working directory as people already write it: {@code KEY=value}, an optional
 * {@code export}, single or double quotes, comments. The real environment wins over it. Restart needed: yes.
 */
final class DotEnvFile implements EnvironmentPostProcessor, Ordered {

    // Spring maps MAILER_RELAYS_BACKUP_HOST to mailer.relays.backup.host only in sources whose name ends like this.
    private static final String SOURCE_NAME = "dotenv-" + StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;

    private static final Pattern LINE = Pattern.compile("(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.-]*)\\s*=\\s*(.*)");

    private static final Pattern COMMENT = Pattern.compile("\\s*|\\s+#.*");

    @Override
    public int getOrder() {
        return ConfigDataEnvironmentPostProcessor.ORDER - 1;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        Path file = Path.of(environment.getProperty("mailer.env-file", ".env"));
        if (!Files.isRegularFile(file)) {
            return;
        }
        Map<String, Object> values = read(file);
        environment
                .getPropertySources()
                .addAfter(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(SOURCE_NAME, values));
    }

    static Map<String, Object> read(Path file) {
        Map<String, Object> values = new LinkedHashMap<>();
        int number = 0;
        for (String raw : lines(file)) {
            number++;
            // Some Windows editors begin a file with a byte order mark.
            String line = (number == 1 && raw.startsWith("\uFEFF") ? raw.substring(1) : raw).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                // The line itself is not repeated: it may hold a password.
                throw new SettingException("Line " + number + " of " + file
                        + " is not KEY=value; write one setting a line, or begin a comment with #.");
            }
            String value = value(matcher.group(2));
            if (value == null) {
                throw new SettingException("The value of " + matcher.group(1) + " on line " + number + " of " + file
                        + " begins with a quotation mark, but does not end with the same one; close it, or put the value"
                        + " into the other kind, ' or \".");
            }
            values.put(matcher.group(1), value);
        }
        return values;
    }

    private static Iterable<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new SettingException("The settings file " + file
                    + " can't be read as UTF-8 text; check its encoding and that this user may read it.");
        }
    }

    private static @Nullable String value(String raw) {
        if (raw.startsWith("\"") || raw.startsWith("'")) {
            char quote = raw.charAt(0);
            StringBuilder value = new StringBuilder();
            for (int i = 1; i < raw.length(); i++) {
                char c = raw.charAt(i);
                if (c == quote) {
                    return COMMENT.matcher(raw.substring(i + 1)).matches() ? value.toString() : null;
                }
                if (c == '\\' && quote == '"' && i + 1 < raw.length() && "\"\\$".indexOf(raw.charAt(i + 1)) >= 0) {
                    c = raw.charAt(++i);
                }
                value.append(c);
            }
            return null;
        }
        return raw.replaceFirst("(?:^|\\s)#.*", "").strip();
    }
}
