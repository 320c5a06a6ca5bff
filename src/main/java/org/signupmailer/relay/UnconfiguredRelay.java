package org.signupmailer.relay;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import org.apache.camel.component.mail.DefaultJavaMailSender;

/** Stands in the routes for a relay that has no settings: every mail goes on to the next one, no attempt is counted. */
final class UnconfiguredRelay extends DefaultJavaMailSender {

    private final String name;

    UnconfiguredRelay(String name) {
        this.name = name;
    }

    @Override
    public void send(MimeMessage message) throws MessagingException {
        throw new RelayFailure(name, "Relay \"" + name + "\" is not configured");
    }
}
