package org.signupmailer.relay;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.util.Map;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.apache.camel.component.mail.MailComponent;
import org.apache.camel.component.mail.MailConfiguration;
import org.apache.camel.component.mail.MailConstants;
import org.apache.camel.component.mail.MailEndpoint;
import org.apache.camel.spi.annotations.Component;
import org.apache.camel.support.DefaultAsyncProducer;

/**
 * Camel's {@code smtp:}, but that no thread waits while a {@linkplain RelaySender relay of ours} talks about a mail: the
 * exchange goes on when the relay has answered. With any other sender it is Camel's own.
 */
// The options of its endpoints are described under the first of these names.
@Component("imap,imaps,pop3,pop3s,smtp,smtps")
final class HandOverComponent extends MailComponent {

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        Endpoint endpoint = super.createEndpoint(uri, remaining, parameters);
        return endpoint instanceof MailEndpoint mail
                        && mail.getConfiguration().getJavaMailSender() instanceof RelaySender sender
                ? new HandOverEndpoint(uri, this, mail.getConfiguration(), sender)
                : endpoint;
    }

    private static final class HandOverEndpoint extends MailEndpoint {

        private final RelaySender sender;

        private HandOverEndpoint(
                String uri, MailComponent component, MailConfiguration configuration, RelaySender sender) {
            super(uri, component, configuration);
            this.sender = sender;
        }

        @Override
        public Producer createProducer() {
            return new HandOver(this, sender);
        }
    }

    private static final class HandOver extends DefaultAsyncProducer {

        private final RelaySender sender;

        private HandOver(MailEndpoint endpoint, RelaySender sender) {
            super(endpoint);
            this.sender = sender;
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            if (!(exchange.getIn().getBody() instanceof MimeMessage mail)) {
                exchange.setException(new MessagingException(
                        "The step " + getEndpoint() + " needs a mail; put the step \"render\" before it."));
                callback.done(true);
                return true;
            }
            sender.hand(mail, failure -> {
                if (failure != null
                        && mail instanceof OutgoingMail ours
                        && ours.onward().isCalledOff()) {
                    // Nothing is left to be tried: its event is read again after the next start.
                    exchange.setRouteStop(true);
                } else if (failure != null) {
                    exchange.setException(failure);
                } else {
                    tell(exchange, mail);
                }
                callback.done(false);
            });
            return false;
        }

        // As Camel's own does, for the steps behind it.
        private static void tell(Exchange exchange, MimeMessage mail) {
            try {
                exchange.getIn().setHeader(MailConstants.MAIL_MESSAGE_ID, mail.getMessageID());
            } catch (MessagingException e) {
                exchange.setException(e);
            }
        }
    }
}
