package org.signupmailer.doctor;

import java.time.Clock;
import org.signupmailer.relay.FailureClassifier;
import org.signupmailer.relay.Relays;
import org.signupmailer.relay.TlsSockets;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The doctor within the running application: at the start, on request and in the health. */
@Configuration(proxyBeanMethods = false)
class DoctorConfiguration {

    @Bean
    RelayDoctor relayDoctor(Relays relays, TlsSockets tls, FailureClassifier classifier, Clock clock) {
        return new RelayDoctor(relays, tls, classifier, clock);
    }

    @Bean
    StartCheck startCheck(
            Relays relays,
            TlsSockets tls,
            FailureClassifier classifier,
            Clock clock,
            @Value("${mailer.start-check}") boolean wanted) {
        return new StartCheck(relays, tls, classifier, clock, wanted);
    }

    @Bean
    RelaysHealth relaysHealthIndicator(Relays relays) {
        return new RelaysHealth(relays);
    }
}
