package org.signupmailer.chain;

import org.apache.camel.component.direct.DirectComponent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class ChainConfiguration {

    @Bean
    Doors doors() {
        return new Doors();
    }

    /** Camel finds the component by the bean's name, which is its scheme. */
    @Bean
    RelayComponent relay(Doors doors) {
        return new RelayComponent(doors);
    }

    /** In place of Camel's own, which is looked up by this name before one is made. */
    @Bean("direct")
    DirectComponent guardedDirect(Doors doors) {
        return new GuardedDirectComponent(doors);
    }
}
