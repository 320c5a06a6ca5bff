package org.signupmailer.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/** The table of all faults that a test run went through, written anew with each of them. */
final class FaultMatrix {

    private static final Path FILE = Path.of("target", "fault-matrix.md");
    private static final TreeMap<String, FaultReport> REPORTS = new TreeMap<>();

    private FaultMatrix() {}

    static synchronized void add(FaultReport report) {
        REPORTS.put(report.order() + report.scenario(), report);
        try {
            Files.createDirectories(Path.of("target"));
            Files.writeString(FILE, table());
        } catch (IOException e) {
            throw new UncheckedIOException("The table of faults could not be written", e);
        }
    }

    private static String table() {
        StringBuilder table = new StringBuilder("| "
                + String.join(
                        " | ",
                        List.of(
                                "scenario",
                                "what was done",
                                "events",
                                "accepted",
                                "by",
                                "dead",
                                "retried",
                                "mailed again",
                                "slowest, ms",
                                "held"))
                + " |\n|---|---|---:|---:|---|---|---:|---:|---:|---|\n");
        REPORTS.values().forEach(report -> table.append(report.row()).append('\n'));
        return table.toString();
    }
}
