package org.signupmailer.chain;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ChainConfiguration {

    /** Camel finds the component by the bean's name, which is its scheme. */
    @Bean
    RelayComponent relay() {
        return new RelayComponent();
    }
}
