package org.signupmailer.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.kafka.KafkaWriter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class LedgerConfiguration {

    @Bean
    Ledger ledger(KafkaSettings settings, KafkaWriter writer) {
        return new Ledger(settings, writer, new ObjectMapper());
    }
}
