package org.signupmailer.email;

import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.signupmailer.live.EditHealth;
import org.signupmailer.live.EditState;
import org.signupmailer.live.Edited;
import org.signupmailer.live.History;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.Relays;
import org.signupmailer.settings.SettingException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

@Configuration(proxyBeanMethods = false)
class EmailConfiguration {

    /** The operators' folder; null for the built-in templates alone. */
    private static @Nullable Path folder(String setting) {
        return setting.isBlank() ? null : Path.of(setting);
    }

    @Bean
    EditState templatesState(MeterRegistry registry, Clock clock) {
        return new EditState("templates", "signup.mailer.template", registry, clock);
    }

    /** The component {@code templates} of health. */
    @Bean("templates")
    EditHealth templatesHealth(@Qualifier("templatesState") EditState state) {
        return new EditHealth(state);
    }

    @Bean
    TemplatesMBean templatesMBean(
            @Value("${mailer.templates-dir}") String setting,
            @Value("${mailer.history-dir}") Path place,
            @Qualifier("templatesState") EditState state,
            Clock clock) {
        Path folder = folder(setting);
        return new TemplatesMBean(
                folder, state, folder == null ? null : new History(Edited.TEMPLATES, place, folder, clock));
    }

    @Bean
    LiveTemplatesStart liveTemplates(
            EmailRenderer renderer,
            @Value("${mailer.templates-dir}") String setting,
            @Value("${mailer.history-dir}") Path place,
            @Qualifier("templatesState") EditState state,
            Clock clock) {
        Path folder = folder(setting);
        if (folder == null) {
            return new LiveTemplatesStart(null);
        }
        try {
            return new LiveTemplatesStart(
                    new LiveTemplates(folder, renderer, state, new History(Edited.TEMPLATES, place, folder, clock)));
        } catch (TemplateFailure e) {
            throw new SettingException(e.getMessage());
        }
    }

    /** Follows the folder, if there is one, as soon as the application has started. */
    record LiveTemplatesStart(@Nullable LiveTemplates live) implements AutoCloseable {

        @EventListener(ApplicationStartedEvent.class)
        void start() {
            if (live != null) {
                live.start();
            }
        }

        @Override
        public void close() {
            if (live != null) {
                live.close();
            }
        }
    }

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
            TemplateSet templates = TemplateSet.load(folder(folder));
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
