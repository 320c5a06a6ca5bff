package org.signupmailer.settings;

/**
 * A setting that makes no sense. The message is one sentence for the operator: which key, what it was, what is
 * allowed, what to do. It never holds a secret. It stops the start.
 */
public final class SettingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SettingException(String sentence) {
        super(sentence);
    }
}
