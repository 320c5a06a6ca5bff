package org.signupmailer.management;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;

/**
 * Who may log in to the management port: {@code MANAGEMENT_USER} and {@code MANAGEMENT_PASSWORD}. Restart needed: yes.
 *
 * @param drawn whether the password is a random one of this run, because none is set
 */
record ManagementUser(String name, String password, boolean drawn) {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer");
    private static final String USER = "MANAGEMENT_USER";
    private static final String PASSWORD = "MANAGEMENT_PASSWORD";
    private static final int DRAWN_BYTES = 18;

    /** What bcrypt takes. */
    private static final int MOST_BYTES = 72;

    /** @throws SettingException when nobody could log in like this */
    static ManagementUser read(ConfigurableEnvironment environment) {
        String user = raw(environment, USER);
        String name = user == null ? "admin" : user.strip();
        if (name.indexOf(':') >= 0) {
            throw new SettingException(USER + " is \"" + name
                    + "\", but a user name with a colon can't log in over HTTP; leave the colon out.");
        }
        String written = raw(environment, PASSWORD);
        if (written == null) {
            byte[] random = new byte[DRAWN_BYTES];
            new SecureRandom().nextBytes(random);
            return new ManagementUser(name, Base64.getUrlEncoder().encodeToString(random), true);
        }
        String password = written.strip();
        if (!password.equals(written)) {
            LOG.warn("{} began or ended with white space, which was cut off.", PASSWORD);
        }
        int bytes = password.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_BYTES) {
            throw new SettingException(
                    PASSWORD + " is " + bytes + " bytes long; use one of at most " + MOST_BYTES + ".");
        }
        return new ManagementUser(name, password, false);
    }

    // Not through Spring, which would make something else of a password that holds ${ or #{, or quote it in an error.
    private static @Nullable String raw(ConfigurableEnvironment environment, String key) {
        for (PropertySource<?> source : environment.getPropertySources()) {
            for (String spelling : new String[] {key, key.toLowerCase(Locale.ROOT)}) {
                Object value = source.getProperty(spelling);
                if (value != null && !value.toString().isBlank()) {
                    return value.toString();
                }
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return name;
    }
}
