package org.signupmailer.intake;

/** How reading goes, for operators. The consumer of a {@code signup-events:} route is one. */
public interface Reading {

    /** Whether events are read now, and if not, why not. */
    String state();

    /** Events that are read and have not ended, without those that wait for their time. */
    int inFlight();

    /** Events of the retry topics that are read and wait here for their time. */
    int waiting();

    /** Records of the topic that this process has to read and has not read yet; -1 while that is not known. */
    long behind();
}
