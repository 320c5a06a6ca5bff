package org.signupmailer;

import java.time.Clock;
import java.util.List;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The application: with no command it serves. */
@SpringBootConfiguration(proxyBeanMethods = false)
@Import({OwnConfigurations.class, AutoConfigurations.ForMails.class})
public class SignupMailApplication {

    public static void main(String[] args) {
        // Without a command nothing is to be parsed: what reads command lines would cost the start half a second.
        int code = Serving.isAllThatIsAskedFor(args) ? Serving.run(List.of(args)) : Commands.run(args);
        // Zero may mean that it serves now, on threads of its own.
        if (code != 0) {
            System.exit(code);
        }
    }

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }
}
