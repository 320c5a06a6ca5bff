package org.signupmailer.testing.smtp;

import java.util.function.Predicate;

/**
 * One line of a script. It holds until {@link ScriptedSmtpServer#reset()} unless {@link #times(int)} limits it. Of
 * several rules that fit a step, the oldest that is not used up acts.
 */
public final class Rule {

    private final Phase phase;
    private final Predicate<Step> condition;
    private final Action action;
    private int used;
    private int limit = Integer.MAX_VALUE;

    Rule(Phase phase, Predicate<Step> condition, Action action) {
        this.phase = phase;
        this.condition = condition;
        this.action = action;
    }

    /** Lets this rule act {@code n} times in all, over all connections; then the server behaves as without it. */
    public synchronized Rule times(int n) {
        if (n < 1) {
            throw new IllegalArgumentException(
                    "times(" + n + ") would never act; give 1 or more, or leave the rule out");
        }
        limit = n;
        return this;
    }

    /** The same as {@code times(1)}. */
    public Rule once() {
        return times(1);
    }

    /** Lets this rule act without limit, which is what it does anyway: for readers. */
    public synchronized Rule always() {
        limit = Integer.MAX_VALUE;
        return this;
    }

    /** How often this rule has acted. */
    public synchronized int used() {
        return used;
    }

    synchronized boolean claims(Step step) {
        if (step.phase() != phase || used >= limit || !condition.test(step)) {
            return false;
        }
        used++;
        return true;
    }

    Action action() {
        return action;
    }
}
