package org.signupmailer.intake;

/**
 * Published to Spring's listeners when it is first known how much there is to do, and each time that changes, on the thread
 * that reads. Of a topic that is no longer read nothing more is told.
 *
 * @param topic the events
 * @param light whether few events end and the read-ahead is not full, for some ten seconds now
 */
public record LoadChanged(String topic, boolean light) {}
