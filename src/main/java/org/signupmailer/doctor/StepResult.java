package org.signupmailer.doctor;

import java.time.Duration;

/**
 * What came of one step.
 *
 * @param detail in the reader's language, without secrets
 */
record StepResult(Step step, Outcome outcome, String detail, Duration took) {}
