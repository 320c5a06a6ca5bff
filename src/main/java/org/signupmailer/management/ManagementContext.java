package org.signupmailer.management;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import org.signupmailer.AutoConfigurations;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.web.context.ServerPortInfoApplicationContextInitializer;
import org.springframework.boot.web.servlet.context.AnnotationConfigServletWebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/**
 * What the management port consists of, in a context of its own: health, metrics, Hawtio and their login. The
 * context that sends mails does not import it, since only {@link ManagementServer} may make it.
 */
@Import({AutoConfigurations.ForManagement.class, AccessConfiguration.class, HawtioConfiguration.class})
class ManagementContext {

    /** Opens the port; closing what it returns closes it. */
    static ConfigurableApplicationContext open(ConfigurableApplicationContext mails) {
        var context = new AnnotationConfigServletWebServerApplicationContext();
        context.setId("management");
        context.setDisplayName("management");
        // Before its parent, whose environment would otherwise be added behind one of its own.
        context.setEnvironment(mails.getEnvironment());
        context.setParent(mails);
        context.getBeanFactory().setConversionService(mails.getEnvironment().getConversionService());
        new ServerPortInfoApplicationContextInitializer().initialize(context);
        context.register(ManagementContext.class);
        context.refresh();
        return context;
    }

    /** Spring Boot does this for the registry of the same context alone; ours is the one that counts mails. */
    @Bean
    static SmartInitializingSingleton metersOfTheProcess(
            ObjectProvider<MeterBinder> binders, ObjectProvider<MeterRegistry> registry) {
        return () -> binders.orderedStream().forEach(binder -> binder.bindTo(registry.getObject()));
    }
}
