package org.signupmailer.relay;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class RelayConfiguration {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer");

    @Bean
    @ConditionalOnMissingBean
    TlsSockets tlsSockets() {
        return TlsSockets.ofTheJavaInstallation();
    }

    @Bean
    ProviderPresets providerPresets() {
        return ProviderPresets.load();
    }

    @Bean
    FailureClassifier failureClassifier(ProviderPresets presets, @Value("${mailer.reply-rules-file}") String rules) {
        return new FailureClassifier(presets, rules.isBlank() ? null : Path.of(rules.strip()));
    }

    @Bean
    Relays relays(
            Environment environment,
            TlsSockets tls,
            MeterRegistry registry,
            Clock clock,
            ProviderPresets presets,
            FailureClassifier classifier,
            @Value("${mailer.uncertain}") String uncertain) {
        List<Relay> configured = RelaySettings.read(environment, presets, LOG::warn);
        return new Relays(configured, tls, classifier, UncertainMail.of(uncertain), registry, clock);
    }

    /** In place of Camel's own, which is looked up by this name before one is made. */
    @Bean("smtp")
    MailComponent handOver() {
        return new HandOverComponent();
    }

    @Bean
    CamelContextConfiguration relayBeans(Relays relays) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext context) {
                relays.bindTo(context);
            }

            @Override
            public void afterApplicationStart(CamelContext context) {
                // The relays are known to the routes by then.
            }
        };
    }
}
