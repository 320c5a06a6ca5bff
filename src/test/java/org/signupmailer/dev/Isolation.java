package org.signupmailer.dev;

import java.util.HashMap;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Keeps a development run to the relays that it brings: what the developer's shell and secret files say about real ones
 * is left out, so that no sample is ever mailed through a provider. ({@code .env} is not read at all.)
 */
final class Isolation implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        ConfigurableEnvironment environment = context.getEnvironment();
        MutablePropertySources sources = environment.getPropertySources();
        sources.stream()
                .map(PropertySource::getName)
                .filter(name -> name.contains("/run/secrets"))
                .toList()
                .forEach(sources::remove);
        Map<String, Object> rest = new HashMap<>(environment.getSystemEnvironment());
        rest.keySet().removeIf(name -> name.startsWith("SMTP_") || name.startsWith("MAILER_RELAYS_"));
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        if (sources.contains(name)) {
            sources.replace(name, new SystemEnvironmentPropertySource(name, rest));
        }
    }

    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }
}
