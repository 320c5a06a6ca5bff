package org.signupmailer.dev;

import java.util.List;
import org.signupmailer.testing.smtp.Phase;
import org.signupmailer.testing.smtp.ReceivedMail;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.signupmailer.testing.smtp.Step;

/** Two relays on loopback: the first refuses everything, as a provider does on a bad day, the second takes it. */
final class DevelopmentRelays implements AutoCloseable {

    static final String FIRST = "primary";
    static final String SECOND = "secondary";

    private static final int REFUSAL = 451;
    private static final String REFUSAL_TEXT = "4.3.2 This relay refuses everything";

    private final ScriptedSmtpServer first;
    private final ScriptedSmtpServer second;
    private final Inbox inbox;

    private DevelopmentRelays(ScriptedSmtpServer first, ScriptedSmtpServer second, Inbox inbox) {
        this.first = first;
        this.second = second;
        this.inbox = inbox;
    }

    static DevelopmentRelays start(int firstPort, int secondPort, Inbox inbox) {
        ScriptedSmtpServer first = ScriptedSmtpServer.with().port(firstPort).start();
        DevelopmentRelays relays;
        try {
            relays = new DevelopmentRelays(
                    first, ScriptedSmtpServer.with().port(secondPort).start(), inbox);
        } catch (RuntimeException e) {
            first.close();
            throw e;
        }
        // At RCPT and not earlier, so that the refusal can be told with the mail that it hit.
        relays.first
                .on(Phase.RCPT)
                .when(relays::noteRefusal)
                .reply(REFUSAL, REFUSAL_TEXT)
                .always();
        relays.second.onMail(relays::noteMail);
        return relays;
    }

    int firstPort() {
        return first.port();
    }

    int secondPort() {
        return second.port();
    }

    List<RelayOnShow> onShow() {
        return List.of(
                new RelayOnShow(FIRST, "localhost:" + first.port(), true),
                new RelayOnShow(SECOND, "localhost:" + second.port(), false));
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }

    private boolean noteRefusal(Step step) {
        String recipient = step.recipient();
        if (recipient != null) {
            inbox.refused(FIRST, recipient, REFUSAL + " " + REFUSAL_TEXT);
        }
        return true;
    }

    private void noteMail(ReceivedMail mail) {
        inbox.taken(SECOND, String.join(", ", mail.recipients()), mail.raw(), mail.receivedAt());
    }
}
