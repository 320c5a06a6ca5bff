package org.signupmailer.doctor;

import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.signupmailer.relay.FailureClassifier;
import org.signupmailer.relay.Relays;
import org.signupmailer.relay.TlsSockets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks once, in the background, whether each relay can be reached and takes the login, so that a wrong password is
 * known before the first mail. One login for each relay and start: providers lock accounts that fail at it too often.
 */
public final class StartCheck {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer");

    private final Relays relays;
    private final TlsSockets tls;
    private final FailureClassifier classifier;
    private final Clock clock;
    private final boolean wanted;
    private final AtomicBoolean begun = new AtomicBoolean();

    StartCheck(Relays relays, TlsSockets tls, FailureClassifier classifier, Clock clock, boolean wanted) {
        this.relays = relays;
        this.tls = tls;
        this.classifier = classifier;
        this.clock = clock;
        this.wanted = wanted;
    }

    /** Begins the check, the first time it is called, and returns at once. It never fails and never stops the start. */
    // Nothing relies on the priority; it only leaves the processor to the mails where the scheduler heeds it.
    @SuppressWarnings("ThreadPriorityCheck")
    public void begin() {
        if (!wanted || begun.getAndSet(true)) {
            return;
        }
        Thread thread = new Thread(this::check, "relay-check");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.start();
    }

    private void check() {
        try {
            List<Diagnosis> diagnoses = new Doctor(
                            new Texts(Language.EN), tls, classifier, Dns.ofThisMachine(), clock, Thread.MIN_PRIORITY)
                    .examine(relays.all(), Plan.QUICK, (relay, step) -> {});
            diagnoses.forEach(StartCheck::tell);
        } catch (RuntimeException e) {
            LOG.warn("The relays could not be checked: {}", e.getClass().getSimpleName());
        }
    }

    private static void tell(Diagnosis diagnosis) {
        Finding failure = diagnosis.failure();
        if (failure != null) {
            LOG.warn(
                    "Relay check: {} would not take mail now. {} {}",
                    diagnosis.relay(),
                    failure.cause(),
                    failure.remedy());
            return;
        }
        LOG.info("Relay check: {} is well ({} s)", diagnosis.relay(), Seconds.of(diagnosis.took()));
        for (Finding advice : diagnosis.advice()) {
            // What the settings look like was told when they were read.
            if (advice.step() != Step.SETTINGS) {
                LOG.warn("Relay check: {}: {} {}", diagnosis.relay(), advice.cause(), advice.remedy());
            }
        }
    }
}
