package org.signupmailer.route;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.signupmailer.live.EditState;
import org.signupmailer.live.Edited;
import org.signupmailer.live.FolderWatch;
import org.signupmailer.live.History;
import org.signupmailer.settings.SettingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the running routes to the operators' folder, as long as all of the folder is good. */
final class LiveRoutes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer.routes");

    /** Whoever writes one file after another is not told of each step in between. */
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private final Path folder;
    private final RoutesCheck check;
    private final RouteSwap swap;
    private final EditState state;
    private final History history;
    private final FolderWatch watch;
    private volatile RouteSet running;

    LiveRoutes(RouteSet running, RoutesCheck check, RouteSwap swap, EditState state, History history) {
        this.running = running;
        this.folder = running.files().folder();
        this.check = check;
        this.swap = swap;
        this.state = state;
        this.history = history;
        this.watch = new FolderWatch(Edited.ROUTES, folder, this::follow);
    }

    /** Begins to follow the folder. */
    void start() {
        watch.start();
    }

    /** What runs. */
    RouteSet running() {
        return running;
    }

    /** What became of the last edit. */
    EditState state() {
        return state;
    }

    private boolean follow(Duration quiet) {
        if (!swap.possible()) {
            return true;
        }
        RouteFiles files;
        try {
            files = RouteFiles.read(folder);
        } catch (SettingException e) {
            return refuse(quiet, List.of(String.valueOf(e.getMessage())));
        }
        if (files.equals(running.files())) {
            state.unchanged();
            keep(files);
            return true;
        }
        List<Finding> findings = check.of(files);
        List<String> errors = findings.stream()
                .filter(finding -> finding.severity() == Finding.Severity.ERROR)
                .map(Finding::toString)
                .toList();
        if (!errors.isEmpty()) {
            return refuse(quiet, errors);
        }
        try {
            use(RouteSet.of(files), findings);
            return true;
        } catch (RouteSwap.Failed e) {
            LOG.debug("What lies behind it:", e);
            state.refused(List.of(folder + ": " + e.getMessage()));
            return e.getCause() != null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    private boolean refuse(Duration quiet, List<String> problems) {
        if (quiet.compareTo(SETTLED) < 0) {
            return false;
        }
        state.refused(problems);
        return true;
    }

    private void use(RouteSet next, List<Finding> warnings) throws RouteSwap.Failed, InterruptedException {
        long began = System.nanoTime();
        RouteSwap.Changes changes = swap.apply(running, next);
        running = next;
        state.accepted(words(changes, next)
                + String.format(Locale.ROOT, " (exchanged in %d ms)", (System.nanoTime() - began) / 1_000_000));
        warnings.forEach(warning -> LOG.warn("{}", warning));
        keep(next.files());
    }

    private static String words(RouteSwap.Changes changes, RouteSet next) {
        List<String> words = new ArrayList<>();
        if (!changes.changed().isEmpty()) {
            words.add("changed " + String.join(", ", changes.changed()));
        }
        if (!changes.added().isEmpty()) {
            words.add("added " + String.join(", ", changes.added()));
        }
        if (!changes.removed().isEmpty()) {
            words.add("removed " + String.join(", ", changes.removed()));
        }
        int touched = changes.changed().size() + changes.added().size();
        words.add((next.routes().size() - touched) + " untouched");
        return String.join("; ", words);
    }

    private void keep(RouteFiles files) {
        try {
            history.keep(files.contents());
        } catch (IOException e) {
            LOG.warn(
                    "These routes can't be kept for undo in {} ({}); let the user of signup-mailer write there, or set"
                            + " MAILER_HISTORY_DIR",
                    history.place(),
                    e.getMessage());
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
