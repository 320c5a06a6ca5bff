package org.signupmailer.route;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.signupmailer.settings.SettingException;

/** The folder at the start of the application: checked while the rest of it starts, so that it costs little time. */
final class RoutesAtStart {

    private final RouteFiles files;
    private final CompletableFuture<List<Finding>> findings;

    RoutesAtStart(RouteFiles files, RoutesCheck check) {
        this.files = files;
        this.findings = CompletableFuture.supplyAsync(() -> check.of(files), task -> {
            Thread thread = new Thread(task, "routes-check");
            thread.setDaemon(true);
            thread.start();
        });
    }

    RouteFiles files() {
        return files;
    }

    /** @throws SettingException with the first thing that is wrong, and how many more are */
    void requireGood() {
        List<String> errors = findings.join().stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .map(Finding::toString)
                .toList();
        if (errors.isEmpty()) {
            return;
        }
        int more = errors.size() - 1;
        throw new SettingException(errors.get(0)
                + (more == 0
                        ? ""
                        : " (" + more + " more " + (more == 1 ? "is" : "are")
                                + " wrong; the command check-routes lists all)"));
    }
}
