package org.signupmailer.route;

import java.nio.file.Path;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class RouteConfiguration {

    @Bean
    RoutesFolder routesFolder(@Value("${mailer.routes-dir}") Path folder) {
        RoutesFolder routes = new RoutesFolder(folder);
        RoutesCheck.of(routes.files());
        return routes;
    }
}
