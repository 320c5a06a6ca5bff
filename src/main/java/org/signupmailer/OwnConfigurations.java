package org.signupmailer;

import java.util.List;
import org.springframework.context.annotation.ImportSelector;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Our own configurations by name, since a start that searches for them looks at some thirty thousand names and reads six
 * hundred classes. Those of the management port are not among them: {@code ManagementContext} imports them.
 */
final class OwnConfigurations implements ImportSelector {

    static final List<String> NAMES = List.of(
            "org.signupmailer.StartOutput",
            "org.signupmailer.chain.ChainConfiguration",
            "org.signupmailer.deadletter.DeadLetterConfiguration",
            "org.signupmailer.delivery.DeliveryConfiguration",
            "org.signupmailer.doctor.DoctorConfiguration",
            "org.signupmailer.email.EmailConfiguration",
            "org.signupmailer.intake.IntakeConfiguration",
            "org.signupmailer.kafka.KafkaConfiguration",
            "org.signupmailer.ledger.LedgerConfiguration",
            "org.signupmailer.management.MBeanConfiguration",
            "org.signupmailer.management.ManagementConfiguration",
            "org.signupmailer.relay.RelayConfiguration",
            "org.signupmailer.retry.RetryConfiguration",
            "org.signupmailer.route.RouteConfiguration",
            "org.signupmailer.settings.LogLines",
            "org.signupmailer.tracing.TracingConfiguration");

    @Override
    public String[] selectImports(AnnotationMetadata importing) {
        return NAMES.toArray(new String[0]);
    }
}
