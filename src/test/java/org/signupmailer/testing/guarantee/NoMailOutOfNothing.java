package org.signupmailer.testing.guarantee;

import java.util.List;
import java.util.Set;

/** Each mail is that of an event that was published. */
public final class NoMailOutOfNothing extends Guarantee {

    @Override
    List<String> breachesIn(Outcome outcome) {
        Set<String> published = outcome.publishedIds();
        return outcome.mails().stream()
                .filter(mail -> !published.contains(mail.id()))
                .map(mail -> mail.relay() + " got a mail with the id \"" + mail.id() + "\", which nobody published")
                .toList();
    }
}
