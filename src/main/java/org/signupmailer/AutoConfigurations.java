package org.signupmailer;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.autoconfigure.AutoConfigurationImportSelector;
import org.springframework.core.annotation.AnnotationAttributes;
import org.springframework.core.type.AnnotationMetadata;

/**
 * Spring Boot's and Camel's own configurations, in two parts: what mails need is configured at the start; the management
 * port, which has more of them and half of a start's classes, follows when mails go out.
 */
public abstract class AutoConfigurations extends AutoConfigurationImportSelector {

    /** Meters are counted from the first mail on, MBeans are there when Hawtio looks, readiness is known at once. */
    static final Set<String> BOOT_FOR_MAILS = Set.of(
            "org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration",
            "org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration",
            "org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration",
            "org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration",
            "org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration",
            "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.CompositeMeterRegistryAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.MetricsAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.export.prometheus.PrometheusMetricsExportAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.export.simple.SimpleMetricsExportAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.metrics.startup.StartupTimeMetricsListenerAutoConfiguration");

    private static final String CAMEL = "org.apache.camel.";

    /** What asks Camel, not what Camel runs on. */
    private static final String ABOUT_CAMEL = "org.apache.camel.spring.boot.actuate.";

    /**
     * Nothing here could use them: the first have no libraries here, the users of the management port are not Spring's,
     * spans are made by our own package tracing, and lines of the log are counted by our own LogLines.
     */
    static final List<String> USELESS = List.of(
            "org.apache.camel.spring.boot.cloud.",
            "org.apache.camel.spring.boot.cluster.",
            "org.apache.camel.spring.boot.vault.",
            "org.springframework.boot.autoconfigure.security.servlet.UserDetailsServiceAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.logging.",
            "org.springframework.boot.actuate.autoconfigure.metrics.LogbackMetricsAutoConfiguration",
            "org.springframework.boot.actuate.autoconfigure.opentelemetry.");

    private final boolean mails;

    private AutoConfigurations(boolean mails) {
        this.mails = mails;
    }

    /** For the context that sends mails. */
    public static final class ForMails extends AutoConfigurations {
        public ForMails() {
            super(true);
        }
    }

    /** For the context of the management port, whose parent is the one that sends mails. */
    public static final class ForManagement extends AutoConfigurations {
        public ForManagement() {
            super(false);
        }
    }

    final boolean isOurs(String name) {
        boolean forMails = BOOT_FOR_MAILS.contains(name) || (name.startsWith(CAMEL) && !name.startsWith(ABOUT_CAMEL));
        return forMails == mails && USELESS.stream().noneMatch(name::startsWith);
    }

    @Override
    protected List<String> getCandidateConfigurations(AnnotationMetadata metadata, AnnotationAttributes attributes) {
        return super.getCandidateConfigurations(metadata, attributes).stream()
                .filter(this::isOurs)
                .toList();
    }

    // "spring.autoconfigure.exclude" may name one of the other part, which would be called unknown here.
    @Override
    protected List<String> getExcludeAutoConfigurationsProperty() {
        return super.getExcludeAutoConfigurationsProperty().stream()
                .filter(this::isOurs)
                .toList();
    }

    // This is imported as it is, without an annotation that could exclude anything.
    @Override
    protected AnnotationAttributes getAttributes(AnnotationMetadata metadata) {
        Map<String, Object> nothing = new LinkedHashMap<>();
        nothing.put("exclude", new String[0]);
        nothing.put("excludeName", new String[0]);
        return new AnnotationAttributes(nothing);
    }
}
