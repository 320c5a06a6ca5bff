package org.signupmailer.deadletter;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.nio.file.Path;
import java.time.Clock;
import org.apache.camel.CamelContext;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.kafka.KafkaWriter;
import org.signupmailer.ledger.Ledger;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class DeadLetterConfiguration {

    private static final long LOG_BYTES = 100L * 1024 * 1024;
    private static final int LOGS_KEPT = 10;

    @Bean
    DeadLetters deadLetters(
            KafkaSettings kafka, KafkaWriter writer, @Value("${mailer.dead-letter-file}") Path file, Clock clock) {
        DeadLetterLog log = new DeadLetterLog(file, LOG_BYTES, LOGS_KEPT, clock);
        log.check();
        ObjectMapper json = new ObjectMapper()
                .registerModule(new JavaTimeModule())
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
        return new DeadLetters(new DeadLetterWriter(clock), writer, kafka.deadLetterTopic(), log, json);
    }

    @Bean
    ReplayRuns replayRuns(KafkaSettings kafka, Ledger ledger, Clock clock) {
        return new ReplayRuns(kafka, ledger, clock);
    }

    @Bean
    ReplayStep replay(ReplayRuns runs) {
        return new ReplayStep(runs);
    }

    /** Camel finds the component by the bean's name, which is its scheme. */
    @Bean("dead-letters")
    DeadLettersComponent deadLettersComponent(ReplayRuns runs, Clock clock) {
        return new DeadLettersComponent(runs, clock);
    }

    @Bean
    DeadLettersBean deadLettersBean(ReplayRuns runs, CamelContext camel, KafkaSettings kafka, Clock clock) {
        return new DeadLettersBean(runs, new DeadLetterCounts(kafka, clock), camel, kafka, clock);
    }
}
