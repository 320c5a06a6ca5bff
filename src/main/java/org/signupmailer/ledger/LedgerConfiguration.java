package org.signupmailer.ledger;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.signupmailer.kafka.KafkaSettings;
import org.signupmailer.kafka.KafkaWriter;
import org.signupmailer.relay.MailQuota;
import org.signupmailer.relay.Relays;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

@Configuration(proxyBeanMethods = false)
class LedgerConfiguration {

    @Bean
    Ledger ledger(KafkaSettings settings, KafkaWriter writer) {
        Ledger ledger = new Ledger(settings, writer);
        ledger.readAhead();
        return ledger;
    }

    @Bean
    Quotas quotas(Ledger ledger, Relays relays, Environment environment, MeterRegistry registry, Clock clock) {
        Quotas quotas = new Quotas(ledger.quotaUse(), MailQuota.read(environment, relays.all()), clock);
        QuotaMeters.register(quotas, registry);
        return quotas;
    }
}
