package org.signupmailer.doctor;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.signupmailer.relay.FailureClassifier;
import org.signupmailer.relay.Relay;
import org.signupmailer.relay.TlsSockets;

/** Examines relays, all at the same time, and tells of them in their order. */
final class Doctor {

    private final Tools tools;

    Doctor(Texts texts, TlsSockets tls, FailureClassifier classifier, Dns dns, Clock clock, int priority) {
        this.tools = new Tools(texts, tls, classifier, dns, clock, threads(priority));
    }

    @SuppressWarnings("ThreadPriorityCheck") // As in StartCheck.
    private static Executor threads(int priority) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, "doctor-" + number.incrementAndGet());
            thread.setDaemon(true);
            thread.setPriority(priority);
            thread.start();
        };
    }

    Texts texts() {
        return tools.texts();
    }

    /** @param progress is told of each step of each relay, from many threads */
    List<Diagnosis> examine(List<Relay> relays, Plan plan, BiConsumer<Relay, Step> progress) {
        List<CompletableFuture<Diagnosis>> all = new ArrayList<>();
        for (Relay relay : relays) {
            all.add(begin(relay, plan, progress));
        }
        return all.stream().map(CompletableFuture::join).toList();
    }

    /** One relay in the background. */
    CompletableFuture<Diagnosis> begin(Relay relay, Plan plan, BiConsumer<Relay, Step> progress) {
        return CompletableFuture.supplyAsync(
                () -> new Examination(relay, plan, tools, step -> progress.accept(relay, step)).run(), tools.threads());
    }
}
