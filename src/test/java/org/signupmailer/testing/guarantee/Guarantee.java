package org.signupmailer.testing.guarantee;

import java.util.List;

/** Something that holds in every scenario, whatever goes wrong in it. */
public abstract class Guarantee {

    /** One sentence for each breach; empty when the guarantee is kept. */
    abstract List<String> breachesIn(Outcome outcome);

    /** The name, which is a sentence. */
    @Override
    public String toString() {
        return getClass().getSimpleName();
    }
}
