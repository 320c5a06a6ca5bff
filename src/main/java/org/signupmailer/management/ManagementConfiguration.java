package org.signupmailer.management;

import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

/** Who may see what on the management port: everybody that the process lives, one user the rest. */
@Configuration(proxyBeanMethods = false)
class ManagementConfiguration {

    @Bean
    SecurityFilterChain managementAccess(HttpSecurity http) throws Exception {
        return http.authorizeHttpRequests(requests -> requests.requestMatchers(EndpointRequest.to(HealthEndpoint.class))
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .httpBasic(Customizer.withDefaults())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .build();
    }

    @Bean
    ManagementUser managementLogin(ConfigurableEnvironment environment) {
        return ManagementUser.read(environment);
    }

    @Bean
    UserDetailsService managementUser(ManagementUser user) {
        PasswordEncoder encoder = PasswordEncoderFactories.createDelegatingPasswordEncoder();
        return new InMemoryUserDetailsManager(User.withUsername(user.name())
                .password(encoder.encode(user.password()))
                .roles("OPERATOR")
                .build());
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
