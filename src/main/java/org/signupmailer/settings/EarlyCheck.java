package org.signupmailer.settings;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.IllformedLocaleException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.env.EnvironmentPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Looks at the settings that Spring itself would refuse, as soon as they are known: in our words, and before seconds
 * go by.
 */
final class EarlyCheck implements EnvironmentPostProcessor, Ordered {

    // What Spring takes for a boolean.
    private static final Set<String> BOOLEANS = Set.of("true", "false", "on", "off", "yes", "no", "1", "0");

    private static final Set<String> LANGUAGES = Set.of(Locale.getISOLanguages());

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public void postProcessEnvironment(ConfigurableEnvironment environment, SpringApplication application) {
        port(environment.getProperty("server.port"));
        address(environment.getProperty("server.address"));
        logCodes(environment.getProperty("mailer.log-codes"));
        startCheck(environment.getProperty("mailer.start-check"));
        locale(environment.getProperty("mailer.default-locale"));
        LogFormat.apply(environment, environment.getProperty("mailer.log-format"));
    }

    private static void port(@Nullable String value) {
        if (value == null || value.isBlank()) {
            return;
        }
        try {
            int port = Integer.parseInt(value.strip());
            if (port >= 0 && port <= 65535) {
                return;
            }
        } catch (NumberFormatException e) {
            // Told below, with what is allowed.
        }
        throw new SettingException("MANAGEMENT_PORT is \"" + value
                + "\", which is not a port; use a number from 1 to 65535, usually 8081, or 0 for any free one.");
    }

    private static void address(@Nullable String value) {
        if (value == null || value.isBlank()) {
            return;
        }
        try {
            InetAddress address = InetAddress.getByName(value.strip());
            if (address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null) {
                return;
            }
        } catch (UnknownHostException | SocketException e) {
            // Told below, with what is allowed.
        }
        throw new SettingException("MANAGEMENT_ADDRESS is \"" + value
                + "\", which is not an address of this machine; use 127.0.0.1 to be reached from this machine alone, or"
                + " 0.0.0.0 from all.");
    }

    private static void logCodes(@Nullable String value) {
        if (value != null && !BOOLEANS.contains(value.strip().toLowerCase(Locale.ROOT))) {
            throw new SettingException("MAILER_LOG_CODES is \"" + value
                    + "\"; use true to print each code to the console, for development, or false not to.");
        }
    }

    private static void startCheck(@Nullable String value) {
        if (value != null && !BOOLEANS.contains(value.strip().toLowerCase(Locale.ROOT))) {
            throw new SettingException("MAILER_START_CHECK is \"" + value
                    + "\"; use true to look at each relay once after the start, or false not to.");
        }
    }

    private static void locale(@Nullable String value) {
        if (value == null) {
            return;
        }
        try {
            Locale locale = new Locale.Builder().setLanguageTag(value.strip()).build();
            String language = locale.getLanguage();
            if (language.length() == 3 || LANGUAGES.contains(language)) {
                return;
            }
        } catch (IllformedLocaleException e) {
            // Told below, with what is allowed.
        }
        throw new SettingException("MAILER_DEFAULT_LOCALE is \"" + value
                + "\", which is not a language tag; use one that there are templates for, such as en, ru or pt-BR.");
    }
}
