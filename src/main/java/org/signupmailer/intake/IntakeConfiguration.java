package org.signupmailer.intake;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.signupmailer.delivery.DeliveryEnd;
import org.signupmailer.delivery.NewestEvents;
import org.signupmailer.event.EventReader;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.ledger.Ledger;
import org.signupmailer.relay.Relays;
import org.signupmailer.retry.RetryTopics;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class IntakeConfiguration {

    @Bean
    Lag lag(KafkaSettings settings, MeterRegistry registry) {
        Lag lag = new Lag(settings);
        lag.register(registry);
        return lag;
    }

    /** Camel finds the component by the bean's name, which is its scheme. */
    @Bean("signup-events")
    SignupEventsComponent signupEvents(
            KafkaSettings settings,
            RetryTopics retries,
            NewestEvents newest,
            Ledger ledger,
            Relays relays,
            DeliveryEnd end,
            Clock clock,
            ApplicationEventPublisher events) {
        return new SignupEventsComponent(new SignupEventsComponent.Parts(
                settings, new EventReader(), retries, newest, ledger, relays, end, clock, events::publishEvent));
    }
}
