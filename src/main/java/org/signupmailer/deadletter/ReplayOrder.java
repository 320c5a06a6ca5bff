package org.signupmailer.deadletter;

/**
 * What an operator wants to have put back.
 *
 * @param superseded also events of which a newer one of the same type for the same person was published
 * @param again also events that were put back before and have no end yet
 */
record ReplayOrder(DeadLetterFilter filter, boolean superseded, boolean again) {}
