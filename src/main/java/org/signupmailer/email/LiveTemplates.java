package org.signupmailer.email;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.signupmailer.live.EditState;
import org.signupmailer.live.Edited;
import org.signupmailer.live.FolderWatch;
import org.signupmailer.live.History;
import org.signupmailer.settings.SettingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the templates in use to the operators' folder, as long as all of it is good. */
final class LiveTemplates implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("signup-mailer.templates");

    /** Whoever writes one file after another is not told of each step in between. */
    private static final Duration SETTLED = Duration.ofSeconds(1);

    private final Path folder;
    private final EmailRenderer renderer;
    private final EditState state;
    private final History history;
    private final FolderWatch watch;
    private SortedMap<String, TemplateFile> used;

    LiveTemplates(Path folder, EmailRenderer renderer, EditState state, History history) throws TemplateFailure {
        this.folder = folder;
        this.renderer = renderer;
        this.state = state;
        this.history = history;
        this.used = TemplateFiles.in(folder);
        this.watch = new FolderWatch(Edited.TEMPLATES, folder, this::follow);
    }

    /** Begins to follow the folder. */
    void start() {
        watch.start();
    }

    private boolean follow(Duration quiet) {
        try {
            SortedMap<String, TemplateFile> files = TemplateFiles.in(folder);
            if (files.equals(used)) {
                state.unchanged();
                keep(files);
                return true;
            }
            renderer.use(TemplateSet.load(folder));
            state.accepted(differing(files) + " of " + files.size() + " files");
            used = files;
            keep(files);
            return true;
        } catch (TemplateFailure | SettingException e) {
            if (quiet.compareTo(SETTLED) < 0) {
                return false;
            }
            state.refused(List.of(String.valueOf(e.getMessage())));
            return true;
        }
    }

    private String differing(SortedMap<String, TemplateFile> files) {
        TreeMap<String, TemplateFile> all = new TreeMap<>(used);
        all.putAll(files);
        List<String> changed = all.keySet().stream()
                .filter(path -> !Objects.equals(used.get(path), files.get(path)))
                .toList();
        return changed.size() > 5 ? changed.size() + " changed" : "changed " + String.join(", ", changed);
    }

    private void keep(SortedMap<String, TemplateFile> files) {
        SortedMap<String, byte[]> contents = new TreeMap<>();
        files.forEach((path, file) -> contents.put(path, file.source().getBytes(StandardCharsets.UTF_8)));
        try {
            history.keep(contents);
        } catch (IOException e) {
            LOG.warn(
                    "These templates can't be kept for undo in {} ({}); let the user of signup-mailer write there, or"
                            + " set MAILER_HISTORY_DIR",
                    history.place(),
                    e.getMessage());
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
