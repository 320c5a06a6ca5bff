package org.signupmailer.live;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that files of a folder were made, changed, renamed or removed, by whatever means, and waits until nobody
 * writes there any more. It looks several times a second instead of asking the operating system, which tells nothing of
 * network folders, of mounted ConfigMaps, or of what happened before a folder was made anew.
 */
public final class FolderWatch implements AutoCloseable {

    /** Writers pause for less than this, and a good edit is still in use within 2 s. */
    private static final Duration QUIET = Duration.ofMillis(400);

    /** While nothing happens, which is nearly always; a look has to go through all files. */
    private static final Duration LOOK = Duration.ofMillis(300);

    /** While somebody edits: the end of the quiet is to be noticed soon. */
    private static final Duration LOOK_WHILE_EDITED = Duration.ofMillis(150);

    /** Reads the contents too, as some tools keep size and time of a file that they change. */
    private static final int CONTENT_EVERY = 5;

    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

    private final Path folder;
    private final Edited kind;
    private final Reaction reaction;
    private final ScheduledExecutorService clock;

    private FolderState state = FolderState.UNKNOWN;
    private FolderState contents = FolderState.UNKNOWN;
    private long changed;
    private boolean open;
    private int looks;

    /** What is to be done about a change. */
    public interface Reaction {

        /**
         * Called when the folder is quiet after a change, and again and again until it is done or the folder changes.
         *
         * @param quiet for how long nothing has changed
         * @return whether it is done
         */
        boolean to(Duration quiet);
    }

    /**
     * @param kind says which files count; those whose name begins with a dot never do
     */
    public FolderWatch(Edited kind, Path folder, Reaction reaction) {
        this.folder = folder;
        this.kind = kind;
        this.reaction = reaction;
        this.clock = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, kind.plural() + "-watch");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Begins to watch. What is there now counts as a change, so that nothing is missed since the folder was read. */
    public void start() {
        lookAfter(Duration.ZERO);
    }

    private void lookAfter(Duration rest) {
        try {
            ScheduledFuture<?> unused = clock.schedule(this::look, rest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} is not watched any more", folder, e);
        }
    }

    private void look() {
        try {
            long now = System.nanoTime();
            if (hasChanged()) {
                changed = now;
                open = true;
            } else if (open && now - changed >= QUIET.toNanos()) {
                // Before the reaction reads, so that no change after that is missed, and none is told twice.
                contents = FolderState.inside(folder, kind);
                open = !reaction.to(Duration.ofNanos(now - changed));
            }
        } catch (RuntimeException e) {
            LOG.error("Looking after {} failed unexpectedly and goes on", folder, e);
        } finally {
            // The next look is to come, whatever this one met.
            lookAfter(open ? LOOK_WHILE_EDITED : LOOK);
        }
    }

    private boolean hasChanged() {
        FolderState seen = FolderState.outside(folder, kind);
        boolean different = !seen.equals(state);
        state = seen;
        if (!open && !different && looks++ % CONTENT_EVERY == 0) {
            FolderState read = FolderState.inside(folder, kind);
            different = !read.equals(contents);
            contents = read;
        }
        return different;
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
