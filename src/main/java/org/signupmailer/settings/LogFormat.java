package org.signupmailer.settings;

import ch.qos.logback.classic.PatternLayout;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/** {@code MAILER_LOG_FORMAT}: lines for people, or ECS in JSON for programs. Restart needed: yes. */
final class LogFormat {

    private static final String SPRING = "logging.structured.format.console";

    private LogFormat() {}

    /** To be called before logging is set up. */
    static void apply(ConfigurableEnvironment environment, @Nullable String value) {
        PatternLayout.DEFAULT_CONVERTER_SUPPLIER_MAP.put("oneline", LogMessage::new);
        String format = value == null ? "text" : value.strip().toLowerCase(Locale.ROOT);
        switch (format) {
            case "", "text" -> {
                // As Spring Boot does it unless told otherwise.
            }
            case "ecs" ->
                environment.getPropertySources().addLast(new MapPropertySource("log-format", Map.of(SPRING, "ecs")));
            default ->
                throw new SettingException("MAILER_LOG_FORMAT is \"" + value
                        + "\"; use text for people or ecs for JSON in the Elastic Common Schema.");
        }
    }
}
