package org.signupmailer.delivery;

import java.time.Clock;
import org.apache.camel.Exchange;
import org.signupmailer.email.Email;
import org.signupmailer.email.EmailRenderer;
import org.signupmailer.email.Mime;
import org.signupmailer.email.MimeWriter;
import org.signupmailer.email.TemplateFailure;
import org.signupmailer.event.SignupEvent;
import org.signupmailer.relay.OutgoingMail;

/** The step that makes the mail, once for all relays. In routes: bean {@code mail}. */
public final class MailStep {

    private final EmailRenderer renderer;
    private final MimeWriter writer;
    private final CodeBanner banner;
    private final Clock clock;

    MailStep(EmailRenderer renderer, MimeWriter writer, CodeBanner banner, Clock clock) {
        this.renderer = renderer;
        this.writer = writer;
        this.banner = banner;
        this.clock = clock;
    }

    /**
     * Puts the mail into the message's body.
     *
     * @throws Undeliverable when the template fails for this event
     */
    public void render(Exchange exchange) throws Undeliverable {
        Delivery delivery = Delivery.of(exchange);
        SignupEvent event = delivery.event();
        if (event == null) {
            throw new IllegalStateException(
                    "Only valid events can be rendered; put eventChecks.requireValid before it");
        }
        OutgoingMail made = delivery.mail();
        if (made != null && !made.attempts().isEmpty()) {
            // Another pass through the routes: what a relay has seen stays the same, byte for byte.
            exchange.getMessage().setBody(made);
            return;
        }
        if (made == null && delivery.retries() == 0) {
            banner.show(event);
        }
        try {
            Email email = renderer.render(event);
            Mime mime = writer.write(event, email, clock.instant());
            OutgoingMail mail =
                    new OutgoingMail(mime.recipient(), mime.messageId(), mime.content(), mime.needsSmtpUtf8());
            mail.holdUntilRecorded();
            delivery.rendered(mail);
            exchange.getMessage().setBody(mail);
        } catch (TemplateFailure e) {
            throw new Undeliverable(DeadLetterReason.TEMPLATE_ERROR, String.valueOf(e.getMessage()));
        }
    }
}
