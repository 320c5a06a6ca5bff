package org.signupmailer;

import java.util.HashMap;
import java.util.Map;
import org.signupmailer.intake.LoadChanged;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;

/**
 * Lets Java's second compiler rest while there is little to do. What is called a few times a second is due for it all the
 * same after some minutes, one method after the other, and each takes a core from the mails that come meanwhile; the first
 * compiler's code is fast enough for them. As soon as there is much to do it goes on. See decision 0016.
 */
final class CompilerRest implements ApplicationListener<PayloadApplicationEvent<LoadChanged>> {

    private static final Logger LOG = LoggerFactory.getLogger(CompilerRest.class);

    private final Map<String, Boolean> light = new HashMap<>();
    private boolean asked;
    private boolean resting;

    @Override
    public void onApplicationEvent(PayloadApplicationEvent<LoadChanged> event) {
        LoadChanged change = event.getPayload();
        boolean rest;
        synchronized (light) {
            light.put(change.topic(), change.light());
            rest = !light.containsValue(false);
            if (rest == asked) {
                return;
            }
            asked = rest;
        }
        // Writing a file and asking Java takes milliseconds, which the thread that reads events has better use for.
        Thread thread = new Thread(this::follow, "compiler-rest");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            // No more threads to be had: no reason for that one to read no more. The next change tries again.
            LOG.debug("Java's second compiler was not told to {}", rest ? "rest" : "go on", e);
        }
    }

    private synchronized void follow() {
        boolean rest;
        synchronized (light) {
            rest = asked;
        }
        if (rest != resting) {
            CompilerAdvice.rest(rest);
            resting = rest;
        }
    }
}
