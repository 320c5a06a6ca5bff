package org.signupmailer.doctor;

import org.jspecify.annotations.Nullable;

/**
 * A cause and what to do about it, in the reader's language.
 *
 * @param id     of the entry in {@code doctor/findings.yaml}, or of the reply rule that decided
 * @param said   what the relay answered, without secrets; null: nothing
 */
record Finding(
        String id,
        Step step,
        String cause,
        String remedy,
        @Nullable String said) {

    Finding saying(@Nullable String reply) {
        return new Finding(id, step, cause, remedy, reply);
    }

    Finding adding(String sentence) {
        return new Finding(id, step, cause, remedy.isEmpty() ? sentence : remedy + " " + sentence, said);
    }
}
