package org.signupmailer.email;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.signupmailer.live.EditState;
import org.signupmailer.live.EditsMBean;
import org.signupmailer.live.History;
import org.signupmailer.settings.SettingException;
import org.springframework.jmx.export.annotation.ManagedOperation;
import org.springframework.jmx.export.annotation.ManagedResource;

/** The templates folder as operators see it in Hawtio. */
@ManagedResource(
        objectName = "org.signupmailer:type=Templates",
        description = "The folder of the templates: what is in use of it, what was refused, and the way back")
public final class TemplatesMBean extends EditsMBean {

    private final @Nullable Path folder;

    TemplatesMBean(@Nullable Path folder, EditState state, @Nullable History history) {
        super(folder, state, history);
        this.folder = folder;
    }

    /** Checks the folder as it is now, and changes nothing. */
    @ManagedOperation(description = "Checks the folder as it is now, and changes nothing")
    public String check() {
        try {
            TemplateSet.load(folder);
            return "Nothing is wrong.";
        } catch (TemplateFailure | SettingException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
