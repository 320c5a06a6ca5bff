package org.signupmailer.management;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.camel.CamelContext;
import org.signupmailer.doctor.RelayDoctor;
import org.signupmailer.ledger.Quotas;
import org.signupmailer.relay.RelayControl;
import org.signupmailer.relay.Relays;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jmx.export.MBeanExporter;

@Configuration(proxyBeanMethods = false)
class MBeanConfiguration {

    /** When all is up, so that no mail waits for it. */
    @Bean
    ApplicationListener<ApplicationReadyEvent> managedRelaysAndEvents(
            ObjectProvider<MBeanExporter> jmx,
            Relays relays,
            RelayDoctor doctor,
            Quotas quotas,
            CamelContext camel,
            MeterRegistry registry) {
        // Without JMX (spring.jmx.enabled=false) there is nobody to show them to.
        return ready -> jmx.ifAvailable(exporter -> {
            for (RelayControl relay : relays.controls()) {
                exporter.registerManagedResource(new ManagedRelay(relay, doctor, quotas));
            }
            exporter.registerManagedResource(new ManagedEvents(camel, registry));
        });
    }
}
