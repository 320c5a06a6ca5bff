package org.signupmailer.chain;

import java.util.Map;
import org.apache.camel.Endpoint;
import org.apache.camel.component.direct.DirectComponent;

/** Camel's {@code direct:} with doors, so that a route behind it can be exchanged while mails go through. */
final class GuardedDirectComponent extends DirectComponent {

    private final Doors doors;

    GuardedDirectComponent(Doors doors) {
        this.doors = doors;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        GuardedDirectEndpoint endpoint = new GuardedDirectEndpoint(uri, this, doors.to(uri));
        endpoint.setBlock(isBlock());
        endpoint.setTimeout(getTimeout());
        setProperties(endpoint, parameters);
        return endpoint;
    }
}
