package org.signupmailer.management;

import org.jolokia.server.core.request.JolokiaRequest;
import org.jolokia.server.core.service.request.AbstractRequestHandler;

/** Refuses Jolokia's commands that {@link JolokiaPolicy} does not list; Jolokia itself asks the policy for some only. */
final class UnlistedCommands extends AbstractRequestHandler {

    private static final int BEFORE_ALL_OTHERS = Integer.MIN_VALUE;

    private final JolokiaPolicy policy;

    UnlistedCommands(JolokiaPolicy policy) {
        super("unlisted", BEFORE_ALL_OTHERS);
        this.policy = policy;
    }

    @Override
    public boolean canHandle(JolokiaRequest request) {
        return !policy.isTypeAllowed(request.getType());
    }

    @Override
    public <R extends JolokiaRequest> Object handleRequest(R request, Object previous) {
        throw new SecurityException("The command \"" + request.getType().getName() + "\" is not allowed here");
    }
}
