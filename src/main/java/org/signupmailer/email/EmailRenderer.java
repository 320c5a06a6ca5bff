package org.signupmailer.email;

import java.time.Clock;
import java.util.Locale;
import org.signupmailer.event.SignupEvent;

/** Makes the mail of an event, in the recipient's language. Safe for use by many threads. */
public final class EmailRenderer {

    /** In UTF-16 units; mail programs show far less, and a header line of RFC 5322 holds 998 bytes. */
    static final int LONGEST_SUBJECT = 250;

    private final Locale defaultLocale;
    private final String productName;
    private final Clock clock;
    private volatile TemplateSet templates;

    /**
     * @param defaultLocale for events without a locale, or with one that there are no templates for
     * @param productName how the sender calls itself, as in the mail's {@code From}; not blank
     * @param clock tells how many minutes an event is still valid
     */
    public EmailRenderer(TemplateSet templates, Locale defaultLocale, String productName, Clock clock) {
        this.templates = templates;
        this.defaultLocale = defaultLocale;
        this.productName = productName;
        this.clock = clock;
    }

    /** Renders from other templates from now on; a mail that is being rendered is finished from the earlier ones. */
    public void use(TemplateSet other) {
        this.templates = other;
    }

    /**
     * Renders the mail of an event. An unknown locale is no failure: the default one is used.
     *
     * @throws TemplateFailure if there are no templates for the event's type, or they fail on this event
     */
    public Email render(SignupEvent event) throws TemplateFailure {
        MailTemplates mail = templates.find(event.type(), event.locale(), defaultLocale);
        if (mail == null) {
            throw TemplateFailure.at(
                    "<type>/<locale>", 0, 0, "there is none for the event's type; add a folder that is named like it");
        }
        return mail.render(event, productName, clock);
    }
}
