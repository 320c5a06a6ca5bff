package org.signupmailer.settings;

import java.util.Arrays;
import org.springframework.boot.DefaultBootstrapContext;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.config.ConfigDataEnvironmentPostProcessor;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * The settings as a command sees them: the same sources in the same order as the application, without starting it, so
 * that a command answers within a second and needs neither Kafka nor a free port.
 */
public final class CommandSettings {

    private CommandSettings() {}

    /**
     * Reads the environment, {@code .env}, secrets and {@code application.yaml}. From then on libraries log nothing: a
     * command speaks for itself.
     *
     * @param overrides settings of this run as {@code --some.key=value}, which win over all others;
     *     {@code --mailer.env-file=F} reads another file in place of {@code .env}
     * @throws SettingException when a setting makes no sense
     */
    public static ConfigurableEnvironment read(String... overrides) {
        // Logback would otherwise print all it has to standard output, among what the command prints.
        LoggingSystem.get(CommandSettings.class.getClassLoader()).beforeInitialize();
        ConfigurableEnvironment environment = new StandardEnvironment();
        environment
                .getPropertySources()
                .addFirst(new SimpleCommandLinePropertySource(Arrays.stream(overrides)
                        .filter(one -> one.startsWith("--"))
                        .toArray(String[]::new)));
        SpringApplication none = new SpringApplication();
        new DotEnvFile().postProcessEnvironment(environment, none);
        ConfigDataEnvironmentPostProcessor.applyTo(environment, null, new DefaultBootstrapContext());
        new EarlyCheck().postProcessEnvironment(environment, none);
        ConfigurationPropertySources.attach(environment);
        return environment;
    }

    /** Why a command could not do its work, in one sentence that holds no secret; never null. */
    public static String problem(Throwable failure) {
        return StartFailure.sentence(failure);
    }
}
