package org.signupmailer.retry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.time.Clock;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.kafka.KafkaWriter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RetryConfiguration {

    @Bean
    RetryTopics retryTopics(KafkaSettings settings, KafkaWriter writer, Clock clock) {
        return new RetryTopics(settings, writer, new ObjectMapper().registerModule(new JavaTimeModule()), clock);
    }
}
