package org.signupmailer.kafka;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class KafkaConfiguration {

    @Bean
    KafkaSettings kafkaSettings(Environment environment) {
        return KafkaSettings.read(environment);
    }

    @Bean
    KafkaWriter kafkaWriter(KafkaSettings settings) {
        return new KafkaWriter(settings);
    }
}
