package org.signupmailer.management;

import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;

/**
 * Hawtio and what it asks. Both servlets come to life with their first request, not with the start. Only
 * {@link ManagementContext} brings this in; package scanning is to leave it out.
 */
class HawtioConfiguration {

    @Bean
    ServletRegistrationBean<HawtioServlet> hawtio() {
        return new ServletRegistrationBean<>(
                new HawtioServlet(),
                AccessConfiguration.HAWTIO,
                AccessConfiguration.HAWTIO + "/*",
                // Who is logged in and comes to the front door is led there.
                "",
                AccessConfiguration.LOGIN);
    }

    @Bean
    ServletRegistrationBean<JolokiaServlet> jolokia() {
        ServletRegistrationBean<JolokiaServlet> registration = new ServletRegistrationBean<>(
                new JolokiaServlet(new JolokiaPolicy()),
                AccessConfiguration.HAWTIO + "/jolokia/*",
                "/actuator/jolokia/*");
        registration.addInitParameter("discoveryEnabled", "false");
        registration.addInitParameter("allowErrorDetails", "false");
        registration.addInitParameter("includeStackTrace", "false");
        registration.addInitParameter("mbeanQualifier", "qualifier=signup-mailer");
        return registration;
    }
}
