package org.signupmailer.doctor;

import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.signupmailer.relay.Relay;

/** Says on one line of a terminal what is waited for; wipes it in the end. */
final class Progress implements AutoCloseable {

    private static final String TO_THE_BEGINNING = "\r\u001b[K";
    private static final int WIDEST = 78;

    private final PrintStream out;
    private final Texts texts;
    private final long began = System.nanoTime();
    private final Map<String, Step> steps = new LinkedHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "doctor-progress");
        thread.setDaemon(true);
        return thread;
    });

    Progress(PrintStream out, Texts texts) {
        this.out = out;
        this.texts = texts;
        Future<?> unused = clock.scheduleAtFixedRate(this::show, 200, 200, TimeUnit.MILLISECONDS);
    }

    synchronized void at(Relay relay, Step step) {
        steps.put(relay.name(), step);
    }

    private synchronized void show() {
        Duration passed = Duration.ofNanos(System.nanoTime() - began);
        String line = texts.say(
                "progress",
                Map.of(
                        "steps",
                        steps.entrySet().stream()
                                .map(entry -> entry.getKey() + ": " + texts.step(entry.getValue()))
                                .collect(Collectors.joining(" · ")),
                        "seconds",
                        Long.toString(passed.toSeconds())));
        out.print(TO_THE_BEGINNING + (line.length() > WIDEST ? line.substring(0, WIDEST) : line));
        out.flush();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        synchronized (this) {
            out.print(TO_THE_BEGINNING);
            out.flush();
        }
    }
}
