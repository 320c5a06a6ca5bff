package org.signupmailer.delivery;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.signupmailer.email.EmailRenderer;
import org.signupmailer.email.MimeWriter;
import org.signupmailer.ledger.Ledger;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The beans that steps of the routes call by name. */
@Configuration(proxyBeanMethods = false)
class DeliveryConfiguration {

    @Bean
    NewestEvents newestEvents() {
        return new NewestEvents();
    }

    @Bean
    EventChecks eventChecks(Clock clock, NewestEvents newest, Ledger ledger) {
        return new EventChecks(clock, newest, ledger);
    }

    @Bean
    MailStep mail(
            EmailRenderer renderer, MimeWriter writer, Clock clock, @Value("${mailer.log-codes}") boolean logCodes) {
        return new MailStep(renderer, writer, new CodeBanner(logCodes, System.out), clock);
    }

    @Bean
    ChainEnd chainEnd(RetryStore retries, Clock clock) {
        return new ChainEnd(retries, clock);
    }

    @Bean
    DeadLetterStep deadLetter(DeadLetterStore store) {
        return new DeadLetterStep(store);
    }

    @Bean
    DeliveryEnd deliveryEnd(
            DeadLetterStore store, Ledger ledger, MeterRegistry registry, EventTraces traces, Clock clock) {
        return new EventEnd(store, ledger, new EventMeters(registry), traces, clock);
    }
}
