package org.signupmailer.management;

import java.security.SecureRandom;
import java.util.Base64;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
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

    private static final int PASSWORD_BYTES = 18;

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
    UserDetailsService managementUser(
            @Value("${MANAGEMENT_USER:admin}") String user,
            @Value("${MANAGEMENT_PASSWORD:}") String password,
            @Value("${server.port}") int port) {
        String secret = password.strip();
        if (secret.isEmpty()) {
            byte[] random = new byte[PASSWORD_BYTES];
            new SecureRandom().nextBytes(random);
            secret = Base64.getUrlEncoder().encodeToString(random);
            // On the console and in no log: it opens the management port until the next start.
            System.out.println("Management on port " + port + ": user " + user + ", password " + secret
                    + " (drawn for this run; set MANAGEMENT_PASSWORD to choose one)");
        }
        PasswordEncoder encoder = PasswordEncoderFactories.createDelegatingPasswordEncoder();
        return new InMemoryUserDetailsManager(User.withUsername(user)
                .password(encoder.encode(secret))
                .roles("OPERATOR")
                .build());
    }
}
