package org.signupmailer.management;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** What of the management is there from the start: its login, and what opens its port when mails go out. */
@Configuration(proxyBeanMethods = false)
class ManagementConfiguration {

    @Bean
    ManagementServer managementServer(
            ConfigurableApplicationContext mails,
            @Value("${server.address}") String address,
            @Value("${server.port}") int port) {
        return new ManagementServer(mails, address, port, ManagementContext::open);
    }

    @Bean
    ManagementUser managementLogin(ConfigurableEnvironment environment) {
        return ManagementUser.read(environment);
    }

    /** Once, on the console and in no log: it opens the management port until the next start. */
    @Bean
    ApplicationListener<ApplicationStartedEvent> drawnPassword(ManagementUser user) {
        return started -> {
            if (user.drawn()) {
                System.out.println("Management login for this run: user " + user.name() + ", password "
                        + user.password() + " (set MANAGEMENT_PASSWORD to choose one)");
            }
        };
    }
}
