package org.signupmailer.testing.guarantee;

import java.time.Instant;

/**
 * A mail that a relay of a scenario has accepted.
 *
 * @param id its {@code X-Event-Id}; empty when it has none
 * @param relay which server took it
 * @param at when its final dot was read
 */
public record Mailed(String id, String relay, Instant at) {}
