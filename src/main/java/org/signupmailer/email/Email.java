package org.signupmailer.email;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * What the recipient reads: subject and the two alternative bodies, without sender, recipient or headers. The bodies are
 * kept as they travel, in UTF-8: they are most of a mail, and written once.
 */
public final class Email {

    private final Locale locale;
    private final String subject;
    private final byte[] text;
    private final byte[] html;

    /**
     * @param locale the language that the mail is written in, not the one that was asked for; for {@code Content-Language}
     * @param subject one line of at most {@value EmailRenderer#LONGEST_SUBJECT} characters, no control characters
     * @param text the plain-text body; lines end in LF
     * @param html the HTML body, a whole document; lines end in LF
     */
    Email(Locale locale, String subject, String text, String html) {
        this(locale, subject, text.getBytes(StandardCharsets.UTF_8), html.getBytes(StandardCharsets.UTF_8));
    }

    /** Keeps the arrays; nobody may write into them from now on. */
    Email(Locale locale, String subject, byte[] text, byte[] html) {
        this.locale = locale;
        this.subject = subject;
        this.text = text;
        this.html = html;
    }

    /** The language that the mail is written in. */
    public Locale locale() {
        return locale;
    }

    /** One line, no control characters. */
    public String subject() {
        return subject;
    }

    /** The plain-text body; lines end in LF. */
    public String text() {
        return new String(text, StandardCharsets.UTF_8);
    }

    /** The HTML body, a whole document; lines end in LF. */
    public String html() {
        return new String(html, StandardCharsets.UTF_8);
    }

    byte[] textBytes() {
        return text;
    }

    byte[] htmlBytes() {
        return html;
    }

    /** Says how large the mail is, never what it says: it holds codes and links. */
    @Override
    public String toString() {
        return "Email[" + locale.toLanguageTag() + ", text " + text.length + " and HTML " + html.length + " bytes]";
    }
}
