package org.signupmailer.tracing;

import java.net.URI;
import java.net.URISyntaxException;
import org.signupmailer.delivery.EventTraces;
import org.signupmailer.settings.SettingException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class TracingConfiguration {

    /** Without an endpoint nothing of OpenTelemetry is loaded. */
    @Bean
    EventTraces eventTraces(@Value("${mailer.tracing-endpoint}") String endpoint) {
        return endpoint.isBlank() ? EventTraces.NONE : OtlpTraces.to(url(endpoint.strip()));
    }

    private static String url(String endpoint) {
        try {
            URI uri = new URI(endpoint);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null && uri.getUserInfo() == null) {
                String path = uri.getPath() == null ? "" : uri.getPath();
                return path.isEmpty() || path.equals("/") ? endpoint.replaceFirst("/$", "") + "/v1/traces" : endpoint;
            }
        } catch (URISyntaxException e) {
            // Told below, with what is allowed.
        }
        throw new SettingException("MAILER_TRACING_ENDPOINT is no address of a collector; write http://host:4318, where"
                + " it takes OTLP over HTTP, or leave it out for no tracing.");
    }
}
