package org.signupmailer.relay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a failed attempt means.
 *
 * @param explanation one sentence for people; holds nothing of the reply
 * @param remedy      one sentence on what to do; null: nothing can be done, or nothing needs to
 * @param restFor     how long to leave the relay alone; null: what is usual for the class. With {@link
 *                    FailureClass#PASSING} it is a short pause on account of a rate or of too many connections
 * @param ruleId      of the rule that decided, for logs and for operators who want to overrule it
 */
public record Verdict(
        FailureClass failureClass,
        String explanation,
        @Nullable String remedy,
        @Nullable Duration restFor,
        String ruleId) {}
