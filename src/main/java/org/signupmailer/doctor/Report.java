package org.signupmailer.doctor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Diagnoses as people read them: what to do first, then every step with its time. */
final class Report {

    private final Texts texts;
    private final Style style;

    Report(Texts texts, Style style) {
        this.texts = texts;
        this.style = style;
    }

    String of(List<Diagnosis> diagnoses) {
        StringBuilder page = new StringBuilder();
        diagnoses.forEach(one -> line(page, summary(one)));
        diagnoses.forEach(one -> table(page, one));
        return page.toString();
    }

    /** One line: the relay, whether mail goes out, the cause and the remedy. */
    String summary(Diagnosis diagnosis) {
        Finding failure = diagnosis.failure();
        Finding better = diagnosis.advice().stream()
                .filter(finding -> finding.step() != Step.DOMAIN)
                .findFirst()
                .orElse(null);
        String verdict = failure != null
                ? sentence(failure)
                : better == null
                        ? texts.say("verdict.well")
                        : texts.say("verdict.well-but", Map.of("finding", sentence(better)));
        Outcome outcome = failure != null ? Outcome.FAILED : better == null ? Outcome.OK : Outcome.WARNING;
        return style.mark(outcome) + " " + style.bold(diagnosis.relay()) + ": " + verdict;
    }

    private static String sentence(Finding finding) {
        return finding.remedy().isEmpty() ? finding.cause() : finding.cause() + " → " + finding.remedy();
    }

    private void table(StringBuilder page, Diagnosis diagnosis) {
        String provider = diagnosis.provider();
        line(page, "");
        line(
                page,
                style.bold(diagnosis.relay()) + "  "
                        + (diagnosis.relay().equals(diagnosis.host()) ? "" : diagnosis.host())
                        + (provider == null ? "" : " · " + provider) + "  "
                        + style.faint(texts.say("report.took", Map.of("seconds", Seconds.of(diagnosis.took())))));
        int wide = Stream.concat(Stream.of(Step.values()).map(texts::step), Stream.of(texts.say("report.remedy")))
                .mapToInt(String::length)
                .max()
                .orElse(0);
        for (StepResult step : diagnosis.steps()) {
            line(
                    page,
                    "  " + style.mark(step.outcome()) + " " + padded(texts.step(step.step()), wide) + "  " + time(step)
                            + "  " + step.detail());
        }
        Finding failure = diagnosis.failure();
        if (failure != null) {
            List<StepResult> steps = diagnosis.steps();
            boolean shown = steps.get(steps.size() - 1).detail().equals(failure.said());
            line(page, "");
            findings(page, wide, texts.say("report.cause"), shown ? failure.saying(null) : failure);
        }
        for (Finding advice : diagnosis.advice()) {
            line(page, "");
            findings(page, wide, texts.say("report.also"), advice);
        }
    }

    private void findings(StringBuilder page, int wide, String label, Finding finding) {
        Map<String, @Nullable String> rows = new LinkedHashMap<>();
        rows.put(label, finding.cause());
        rows.put(texts.say("report.remedy"), finding.remedy());
        rows.put(texts.say("report.said"), finding.said());
        rows.forEach((name, text) -> {
            if (text != null && !text.isEmpty()) {
                boolean remedy = name.equals(texts.say("report.remedy"));
                line(page, "    " + padded(name, wide) + "  " + (remedy ? style.bold(text) : text));
            }
        });
    }

    private String time(StepResult step) {
        String time = step.outcome() == Outcome.SKIPPED ? "" : step.took().toMillis() + " ms";
        return style.faint(" ".repeat(Math.max(0, 8 - time.length())) + time);
    }

    private static String padded(String text, int wide) {
        return text + " ".repeat(Math.max(0, wide - text.length()));
    }

    private static void line(StringBuilder page, String text) {
        page.append(text.stripTrailing()).append(System.lineSeparator());
    }

    /** As data, for programs. */
    static Map<String, Object> data(List<Diagnosis> diagnoses) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("couldSend", diagnoses.stream().allMatch(Diagnosis::couldSend));
        List<Map<String, Object>> relays = new ArrayList<>();
        for (Diagnosis diagnosis : diagnoses) {
            Map<String, Object> relay = new LinkedHashMap<>();
            relay.put("relay", diagnosis.relay());
            relay.put("host", diagnosis.host());
            relay.put("couldSend", diagnosis.couldSend());
            relay.put("millis", diagnosis.took().toMillis());
            Finding failure = diagnosis.failure();
            if (failure != null) {
                relay.put("failure", data(failure));
            }
            relay.put("advice", diagnosis.advice().stream().map(Report::data).toList());
            relay.put("steps", diagnosis.steps().stream().map(Report::data).toList());
            relays.add(relay);
        }
        all.put("relays", relays);
        return all;
    }

    private static Map<String, Object> data(Finding finding) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("id", finding.id());
        data.put("step", finding.step().id());
        data.put("cause", finding.cause());
        data.put("remedy", finding.remedy());
        String said = finding.said();
        if (said != null) {
            data.put("said", said);
        }
        return data;
    }

    private static Map<String, Object> data(StepResult step) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("step", step.step().id());
        data.put("outcome", step.outcome().name().toLowerCase(Locale.ROOT));
        data.put("millis", step.took().toMillis());
        data.put("detail", step.detail());
        return data;
    }
}
