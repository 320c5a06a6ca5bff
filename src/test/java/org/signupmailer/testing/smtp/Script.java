package org.signupmailer.testing.smtp;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The rules in the order in which they were given; the first that claims a step decides it. */
final class Script {

    private final List<Rule> rules = new CopyOnWriteArrayList<>();

    Rule add(Rule rule) {
        rules.add(rule);
        return rule;
    }

    void clear() {
        rules.clear();
    }

    Action actionFor(Step step) {
        for (Rule rule : rules) {
            if (rule.claims(step)) {
                return rule.action();
            }
        }
        return Action.NORMAL;
    }
}
