package org.signupmailer.doctor;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.signupmailer.relay.FailureClassifier;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.Relays;
import org.signupmailer.relay.TlsSockets;
import org.signupmailer.settings.CommandSettings;

/** Examines a relay of the running application on request; the same as the command {@code doctor}, as text. */
public final class RelayDoctor {

    private static final Duration AT_MOST = Duration.ofSeconds(60);

    private final Relays relays;
    private final TlsSockets tls;
    private final FailureClassifier classifier;
    private final Clock clock;

    RelayDoctor(Relays relays, TlsSockets tls, FailureClassifier classifier, Clock clock) {
        this.relays = relays;
        this.tls = tls;
        this.classifier = classifier;
        this.clock = clock;
    }

    /**
     * Looks at one relay, from its name in DNS to its answer to the sender. Logs in once and sends nothing. Takes a
     * minute at most.
     *
     * @param relay its name, such as {@code primary}
     * @return the cause and the remedy in the first line, then every step; without secrets, addresses masked. A sentence
     *     if there is no such relay
     */
    public String examine(String relay) {
        for (Relay known : relays.all()) {
            if (known.name().equals(relay)) {
                return examine(known);
            }
        }
        return "There is no relay \"" + relay + "\"; the settings have "
                + String.join(", ", relays.all().stream().map(Relay::name).toList()) + ".";
    }

    private String examine(Relay relay) {
        Texts texts = new Texts(Language.EN);
        CompletableFuture<Diagnosis> examination = new Doctor(
                        texts, tls, classifier, Dns.ofThisMachine(), clock, Thread.NORM_PRIORITY)
                .begin(relay, Plan.FULL, (one, step) -> {});
        try {
            Diagnosis diagnosis = examination.get(AT_MOST.toSeconds(), TimeUnit.SECONDS);
            return new Report(texts, Style.PLAIN).of(List.of(diagnosis));
        } catch (TimeoutException e) {
            return "Relay \"" + relay.name() + "\" answers so slowly that the examination took more than "
                    + AT_MOST.toSeconds() + " s; the command \"doctor " + relay.name() + "\" has more patience.";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "The examination was interrupted.";
        } catch (ExecutionException e) {
            return "The examination could not be made: " + CommandSettings.problem(e);
        }
    }
}
