package org.signupmailer.management;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.actuate.autoconfigure.security.servlet.EndpointRequest;
import org.springframework.boot.actuate.health.HealthEndpoint;
import org.springframework.context.annotation.Bean;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.ProviderManager;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.security.web.header.HeaderWriterFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.NullRequestCache;

/**
 * Who may see what on the management port: everybody that the process lives, one user the rest. docs/decisions/0010
 * says why each part is as it is. Only {@link ManagementContext}
 * brings this in; package scanning is to leave it out.
 */
class AccessConfiguration {

    static final String LOGIN = "/login";
    static final String HAWTIO = "/actuator/hawtio";
    /** Where Hawtio sends who logs out there. */
    static final String HAWTIO_LOGOUT = HAWTIO + "/auth/logout";

    // Hawtio brings all it needs; its editor wants inline styles and workers, nothing wants inline scripts.
    private static final String CONTENT = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
            + " font-src 'self' data:; worker-src 'self' blob:; object-src 'none'; frame-src 'none';"
            + " frame-ancestors 'none'; base-uri 'self'; form-action 'self'";

    @Bean
    SecurityFilterChain managementAccess(
            HttpSecurity http, ManagementUser user, @Value("${server.address}") String address) throws Exception {
        LoginThrottle throttle = new LoginThrottle();
        LoginForm form = new LoginForm();
        AuthenticationManager logins = new ProviderManager(new ManagementLogin(user, throttle));
        CsrfTokenRequestAttributeHandler plainToken = new CsrfTokenRequestAttributeHandler();
        // Hawtio reads the token from its cookie, so the cookie has to be there before Hawtio's first question.
        plainToken.setCsrfRequestAttributeName(null);
        return http.authenticationManager(logins)
                .addFilterAfter(new AddressedByName(address), HeaderWriterFilter.class)
                .authorizeHttpRequests(requests -> requests.requestMatchers(EndpointRequest.to(HealthEndpoint.class))
                        .permitAll()
                        .anyRequest()
                        .authenticated())
                .httpBasic(basic -> basic.authenticationEntryPoint(form).authenticationDetailsSource(throttle::visitor))
                .formLogin(login -> login.loginPage(LOGIN)
                        .loginProcessingUrl(LOGIN)
                        .authenticationDetailsSource(throttle::visitor)
                        .successHandler((request, response, who) -> {
                            throttle.remember(request, response);
                            response.sendRedirect(LoginForm.destination(request.getParameter("to")));
                        })
                        .failureHandler(form::refuse))
                .logout(logout -> logout.logoutRequestMatcher(
                                request -> request.getRequestURI().equals(HAWTIO_LOGOUT))
                        .logoutSuccessHandler((request, response, who) -> form.bye(request, response)))
                .exceptionHandling(
                        refused -> refused.authenticationEntryPoint(form).accessDeniedHandler(form))
                .requestCache(cache -> cache.requestCache(new NullRequestCache()))
                .csrf(csrf -> csrf.csrfTokenRepository(CookieCsrfTokenRepository.withHttpOnlyFalse())
                        .csrfTokenRequestHandler(plainToken)
                        .requireCsrfProtectionMatcher(new TokenRequired()))
                .headers(headers -> headers.contentSecurityPolicy(csp -> csp.policyDirectives(CONTENT))
                        .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                        .crossOriginOpenerPolicy(opener -> opener.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                        .crossOriginResourcePolicy(resource -> resource.policy(CrossOriginResourcePolicy.SAME_ORIGIN)))
                .build();
    }
}
