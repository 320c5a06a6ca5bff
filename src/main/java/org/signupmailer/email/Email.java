package org.signupmailer.email;

import java.util.Locale;

/**
 * What the recipient reads: subject and the two alternative bodies, without sender, recipient or headers.
 *
 * @param locale the language that the mail is written in, not the one that was asked for; for {@code Content-Language}
 * @param subject one line of at most {@value EmailRenderer#LONGEST_SUBJECT} characters, no control characters
 * @param text the plain-text body; lines end in LF
 * @param html the HTML body, a whole document; lines end in LF
 */
public record Email(Locale locale, String subject, String text, String html) {

    /** Says how large the mail is, never what it says: it holds codes and links. */
    @Override
    public String toString() {
        return "Email[" + locale.toLanguageTag() + ", text " + text.length() + " and HTML " + html.length()
                + " characters]";
    }
}
