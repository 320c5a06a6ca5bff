package org.signupmailer.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.signupmailer.email.EmailRenderer;
import org.signupmailer.email.MimeWriter;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that steps of the routes call by name. */
@Configuration(proxyBeanMethods = false)
class DeliveryConfiguration {

    @Bean
    EventChecks eventChecks(Clock clock) {
        return new EventChecks(clock);
    }

    @Bean
    MailStep mail(
            EmailRenderer renderer, MimeWriter writer, Clock clock, @Value("${mailer.log-codes}") boolean logCodes) {
        return new MailStep(renderer, writer, new CodeBanner(logCodes, System.out), clock);
    }

    @Bean
    ChainEnd chainEnd() {
        return new ChainEnd();
    }

    @Bean
    DeadLetterStep deadLetter(DeadLetterStore store) {
        return new DeadLetterStep(store);
    }

    @Bean
    DeliveryEnd deliveryEnd(DeadLetterStore store, MeterRegistry registry, Clock clock) {
        return new EventEnd(store, new EventMeters(registry), clock);
    }
}
