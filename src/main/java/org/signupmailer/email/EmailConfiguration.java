package org.signupmailer.email;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.Relays;
import org.signupmailer.settings.SettingException;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class EmailConfiguration {

    @Bean
    EmailRenderer emailRenderer(
            Relays relays,
            Clock clock,
            @Value("${mailer.templates-dir}") String folder,
            @Value("${mailer.default-locale}") String defaultLocale,
            @Value("${mailer.product-name}") String productName) {
        Relay first = relays.all().get(0);
        String product = !productName.isBlank() ? productName : first.fromName() != null ? first.fromName() : "";
        if (product.isBlank()) {
            product = first.from().substring(first.from().lastIndexOf('@') + 1);
        }
        try {
            TemplateSet templates = TemplateSet.load(folder.isBlank() ? null : Path.of(folder));
            return new EmailRenderer(templates, Locale.forLanguageTag(defaultLocale), product, clock);
        } catch (TemplateFailure e) {
            throw new SettingException(e.getMessage());
        }
    }

    /** A Message-ID is the same whichever relay is tried, so all take the first one's domain. */
    @Bean
    MimeWriter mimeWriter(Relays relays) {
        String from = relays.all().get(0).from();
        return new MimeWriter(from.substring(from.lastIndexOf('@') + 1));
    }
}
