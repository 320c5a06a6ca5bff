package org.signupmailer.route;

import java.util.List;
import org.signupmailer.live.EditState;
import org.signupmailer.live.EditsMBean;
import org.signupmailer.live.History;
import org.signupmailer.settings.SettingException;
import org.springframework.jmx.export.annotation.ManagedAttribute;
import org.springframework.jmx.export.annotation.ManagedOperation;
import org.springframework.jmx.export.annotation.ManagedResource;

/** The routes folder as operators see it in Hawtio. */
@ManagedResource(
        objectName = "org.signupmailer:type=Routes",
        description = "The folder of the routes: what is in use of it, what was refused, and the way back")
public final class RoutesMBean extends EditsMBean {

    private final LiveRoutes live;
    private final RoutesCheck check;

    RoutesMBean(LiveRoutes live, RoutesCheck check, EditState state, History history) {
        super(live.running().files().folder(), state, history);
        this.live = live;
        this.check = check;
    }

    @ManagedAttribute(description = "The files in use")
    public String[] getFiles() {
        return live.running().files().contents().keySet().toArray(new String[0]);
    }

    /** Checks the folder as it is now, and changes nothing. */
    @ManagedOperation(description = "Checks the folder as it is now, and changes nothing")
    public String check() {
        try {
            List<String> findings = check
                    .of(RouteFiles.read(live.running().files().folder()))
                    .stream()
                    .map(Finding::toString)
                    .toList();
            return findings.isEmpty() ? "Nothing is wrong." : String.join("\n", findings);
        } catch (SettingException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
