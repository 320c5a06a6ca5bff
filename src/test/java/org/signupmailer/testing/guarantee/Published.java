package org.signupmailer.testing.guarantee;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event that a scenario has published.
 *
 * @param expiresAt null when it does not expire
 */
public record Published(String id, @Nullable Instant expiresAt) {}
