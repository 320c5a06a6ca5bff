package org.signupmailer.relay;

/** How far an attempt at a relay came. */
public enum SmtpPhase {
    DNS("while looking up the host"),
    CONNECT("while connecting"),
    TLS("during the TLS handshake"),
    GREETING("while waiting for the greeting"),
    EHLO("at EHLO"),
    AUTH("at the login"),
    MAIL("at MAIL FROM (the sender)"),
    RCPT("at RCPT TO (the recipient)"),
    /** DATA and the mail itself, up to but not including the final dot. */
    DATA("while sending the mail"),
    /** The final dot is sent: its answer, or the connection lost before it. */
    FINAL_DOT("after the whole mail was sent");

    private final String words;

    SmtpPhase(String words) {
        this.words = words;
    }

    /** For people, as the end of "failed …". */
    public String words() {
        return words;
    }
}
