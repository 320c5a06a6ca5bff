package org.signupmailer.management;

import org.springframework.context.ApplicationEvent;

/** The management port could not be opened, although it was free at the start; nobody can see how the process is. */
public final class ManagementFailed extends ApplicationEvent {

    private static final long serialVersionUID = 1L;

    private final transient Throwable cause;

    ManagementFailed(Object source, Throwable cause) {
        super(source);
        this.cause = cause;
    }

    /** What kept it from being opened. */
    public Throwable cause() {
        return cause;
    }
}
