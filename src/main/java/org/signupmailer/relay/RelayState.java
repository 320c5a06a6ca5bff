package org.signupmailer.relay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a relay is doing now, in this process.
 *
 * @param available     whether mail may be handed to it
 * @param restingUntil  when it may be asked again; null: it does not rest
 * @param why           it rests or is left alone, in one sentence; null: neither
 * @param lastAccepted  begin of the newest attempt that it accepted; null: none since the start
 * @param lastFailure   the newest failed attempt in words, addresses masked; null: none since the start
 * @param lastFailureAt when that was
 */
public record RelayState(
        String relay,
        boolean available,
        @Nullable Instant restingUntil,
        @Nullable String why,
        @Nullable Instant lastAccepted,
        @Nullable String lastFailure,
        @Nullable Instant lastFailureAt) {}
