package org.signupmailer.intake;

import java.time.Clock;
import org.signupmailer.delivery.DeliveryEnd;
import org.signupmailer.event.EventReader;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class IntakeConfiguration {

    @Bean
    KafkaSettings kafkaSettings(Environment environment) {
        return KafkaSettings.read(environment);
    }

    /** Camel finds the component by the bean's name, which is its scheme. */
    @Bean("signup-events")
    SignupEventsComponent signupEvents(KafkaSettings settings, DeliveryEnd end, Clock clock) {
        return new SignupEventsComponent(settings, new EventReader(), end, clock);
    }
}
