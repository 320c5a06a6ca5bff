package org.signupmailer.live;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.signupmailer.settings.SettingException;
import org.springframework.jmx.export.annotation.ManagedAttribute;
import org.springframework.jmx.export.annotation.ManagedOperation;
import org.springframework.jmx.export.annotation.ManagedOperationParameter;

/** A folder of the operators' as they see it over JMX: what is in use of it, what was refused, and the way back. */
public abstract class EditsMBean {

    private final @Nullable Path folder;
    private final EditState state;
    private final @Nullable History history;

    /**
     * @param folder null where nothing is edited
     * @param history null where nothing is edited
     */
    protected EditsMBean(@Nullable Path folder, EditState state, @Nullable History history) {
        this.folder = folder;
        this.state = state;
        this.history = history;
    }

    @ManagedAttribute(description = "The folder that is followed")
    public String getFolder() {
        return folder == null ? "none" : folder.toAbsolutePath().normalize().toString();
    }

    @ManagedAttribute(description = "current, or last-known-good since ... while the folder holds a refused edit")
    public String getState() {
        return state.words();
    }

    @ManagedAttribute(description = "Since when this is in use")
    public String getInUseSince() {
        return state.goodSince().toString();
    }

    @ManagedAttribute(description = "What is wrong with the folder now, with place and remedy")
    public String[] getProblems() {
        return state.problems().toArray(new String[0]);
    }

    @ManagedAttribute(description = "When an edit was refused last, and why")
    public String getLastRefused() {
        String last = state.lastRefused();
        return last == null ? "none since the start" : last;
    }

    /** Lists the states that can be put back. */
    @ManagedOperation(description = "Lists the states that can be put back, the newest first")
    public String[] history() throws IOException {
        return history == null
                ? new String[0]
                : history.entries().stream().map(History.Entry::words).toArray(String[]::new);
    }

    /** Puts the newest good state back that is not what the folder holds. */
    @ManagedOperation(description = "Puts back the newest good state that differs from the folder; undo again to redo")
    public String undo() {
        if (history == null) {
            return "There is no folder to put anything back into.";
        }
        try {
            return history.undo();
        } catch (SettingException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** Puts a state back. */
    @ManagedOperation(description = "Puts a state back into the folder; what is there now is set aside in the history")
    @ManagedOperationParameter(name = "id", description = "as the operation history lists it")
    public String putBack(String id) {
        if (history == null) {
            return "There is no folder to put anything back into.";
        }
        try {
            return history.putBackInWords(id);
        } catch (SettingException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
