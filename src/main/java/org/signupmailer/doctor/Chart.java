package org.signupmailer.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What is written down during one examination: each step with its time, what is wrong and what could be better. */
final class Chart {

    private final Consumer<Step> progress;
    private final List<StepResult> steps = new ArrayList<>();
    private final List<Finding> advice = new ArrayList<>();
    private final long began = System.nanoTime();
    private @Nullable Finding failure;
    private Step step = Step.SETTINGS;
    private long stepBegan = began;

    /** @param progress is told of each step when it begins */
    Chart(Consumer<Step> progress) {
        this.progress = progress;
    }

    void begin(Step next) {
        step = next;
        stepBegan = System.nanoTime();
        progress.accept(next);
    }

    void well(String detail) {
        end(Outcome.OK, detail);
    }

    void skipped(Step left, String detail) {
        steps.add(new StepResult(left, Outcome.SKIPPED, detail, Duration.ZERO));
    }

    /** The step went well enough for mail to go out, but something is to be said. */
    void warned(String detail, List<Finding> findings) {
        advice.addAll(findings);
        end(findings.isEmpty() ? Outcome.OK : Outcome.WARNING, detail);
    }

    /** What was said so far that could be better. */
    List<Finding> advice() {
        return List.copyOf(advice);
    }

    void advise(Finding finding) {
        advice.add(finding);
    }

    /** To be thrown: nothing after this step can be looked at. */
    Halt failed(String detail, Finding why) {
        failure = why;
        end(Outcome.FAILED, detail);
        return new Halt();
    }

    private void end(Outcome outcome, String detail) {
        steps.add(new StepResult(step, outcome, detail, Duration.ofNanos(System.nanoTime() - stepBegan)));
    }

    Diagnosis diagnosis(String relay, String host, @Nullable String provider) {
        return new Diagnosis(
                relay, host, provider, steps, failure, advice, Duration.ofNanos(System.nanoTime() - began));
    }
}
