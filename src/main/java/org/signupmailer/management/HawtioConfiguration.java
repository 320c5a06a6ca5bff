package org.signupmailer.management;

import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Hawtio and what it asks. Both servlets come to life with their first request, not with the start. */
@Configuration(proxyBeanMethods = false)
class HawtioConfiguration {

    @Bean
    ServletRegistrationBean<HawtioServlet> hawtio() {
        return new ServletRegistrationBean<>(
                new HawtioServlet(),
                ManagementConfiguration.HAWTIO,
                ManagementConfiguration.HAWTIO + "/*",
                // Who is logged in and comes to the front door is led there.
                "",
                ManagementConfiguration.LOGIN);
    }

    @Bean
    ServletRegistrationBean<JolokiaServlet> jolokia() {
        ServletRegistrationBean<JolokiaServlet> registration = new ServletRegistrationBean<>(
                new JolokiaServlet(new JolokiaPolicy()),
                ManagementConfiguration.HAWTIO + "/jolokia/*",
                "/actuator/jolokia/*");
        registration.addInitParameter("discoveryEnabled", "false");
        registration.addInitParameter("allowErrorDetails", "false");
        registration.addInitParameter("includeStackTrace", "false");
        registration.addInitParameter("mbeanQualifier", "qualifier=signup-mailer");
        return registration;
    }
}
