package org.signupmailer.route;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.signupmailer.deadletter.ReplayStep;
import org.signupmailer.delivery.ChainEnd;
import org.signupmailer.delivery.DeadLetterStep;
import org.signupmailer.delivery.EventChecks;
import org.signupmailer.delivery.MailStep;

/** The beans that steps of the routes may call, by the names that they have in the application. */
final class RouteBeans {

    private static final SortedMap<String, Class<?>> TYPES = Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
            "eventChecks", EventChecks.class,
            "mail", MailStep.class,
            "chainEnd", ChainEnd.class,
            "deadLetter", DeadLetterStep.class,
            "replay", ReplayStep.class)));

    private RouteBeans() {}

    /** Name and class of each; its public methods are what a step may call. */
    static SortedMap<String, Class<?>> types() {
        return TYPES;
    }
}
