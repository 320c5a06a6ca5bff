package org.signupmailer.doctor;

/** What came of a step. */
enum Outcome {
    OK,
    /** Mail goes out all the same. */
    WARNING,
    FAILED,
    /** It was not looked at, because a step before it failed or nothing asks for it. */
    SKIPPED
}
