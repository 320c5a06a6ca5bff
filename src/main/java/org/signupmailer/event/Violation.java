package org.signupmailer.event;

/**
 * One thing that is wrong with an event.
 *
 * @param pointer JSON pointer (RFC 6901) into the event in its structured form, such as {@code /data/email}, in binary
 *     mode too; empty for the record as a whole
 * @param message one sentence that names the field and the rule; it never repeats a value from the event
 */
public record Violation(String pointer, String message) {}
