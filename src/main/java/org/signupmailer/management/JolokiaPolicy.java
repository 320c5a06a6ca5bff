package org.signupmailer.management;

import java.util.Map;
import java.util.Set;
import javax.management.ObjectName;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.util.HttpMethod;
import org.jolokia.server.core.util.RequestType;
import org.jspecify.annotations.Nullable;

/**
 * What may be done over Jolokia, by a list of what is allowed: reading what Hawtio's map and counters need, all that
 * this application's own MBeans offer, and starting and stopping routes. What is not listed does not exist here: nothing
 * that runs code, reads files, changes a route's steps, sends or shows a message.
 */
final class JolokiaPolicy implements Restrictor {

    private static final String OURS = "org.signupmailer";
    private static final String CAMEL = "org.apache.camel";
    private static final String JAVA = "java.lang";

    private static final Set<RequestType> COMMANDS =
            Set.of(RequestType.READ, RequestType.EXEC, RequestType.LIST, RequestType.SEARCH, RequestType.VERSION);

    /** Kinds of Camel's MBeans that may be read. Tracer, debugger and repositories of messages are none of them. */
    private static final Set<String> CAMEL_TYPES =
            Set.of("context", "routes", "processors", "consumers", "producers", "endpoints", "components");

    /** Of a dump only the form that leaves placeholders as they are, since what stands for them may be a secret. */
    private static final Map<String, Set<String>> CAMEL_OPERATIONS = Map.of(
            "context", Set.of("dumpRoutesAsXml()", "dumpRoutesStatsAsXml", "isUpdateRouteEnabled"),
            "routes",
                    Set.of(
                            "start",
                            "stop",
                            "suspend",
                            "resume",
                            "dumpRouteAsXml()",
                            "dumpRouteStatsAsXml",
                            "isUpdateRouteEnabled"));

    /** Passwords and tokens travel in these: -D, options of the JVM, options of the routes. */
    private static final Map<String, Set<String>> SECRETS = Map.of(
            JAVA, Set.of("SystemProperties", "InputArguments", "ClassPath", "BootClassPath", "LibraryPath"),
            CAMEL, Set.of("GlobalOptions", "LastError"));

    @Override
    public boolean isHttpMethodAllowed(HttpMethod method) {
        return method == HttpMethod.GET || method == HttpMethod.POST;
    }

    @Override
    public boolean isTypeAllowed(RequestType type) {
        return COMMANDS.contains(type);
    }

    @Override
    public boolean isObjectNameHidden(ObjectName name) {
        return !isReadable(name);
    }

    @Override
    public boolean isAttributeReadAllowed(ObjectName name, String attribute) {
        return isReadable(name)
                && !SECRETS.getOrDefault(name.getDomain(), Set.of()).contains(attribute);
    }

    @Override
    public boolean isAttributeWriteAllowed(ObjectName name, String attribute) {
        return false;
    }

    /** @param operation with or without its signature: {@code stop}, {@code stop(java.lang.Long)} */
    @Override
    public boolean isOperationAllowed(ObjectName name, String operation) {
        if (name.isPattern()) {
            return false;
        }
        if (name.getDomain().equals(OURS)) {
            return true;
        }
        @Nullable String type = name.getKeyProperty("type");
        if (type == null || !name.getDomain().equals(CAMEL)) {
            return false;
        }
        int signature = operation.indexOf('(');
        String plain = signature < 0 ? operation : operation.substring(0, signature);
        Set<String> allowed = CAMEL_OPERATIONS.getOrDefault(type, Set.of());
        return allowed.contains(plain) || allowed.contains(operation);
    }

    private static boolean isReadable(ObjectName name) {
        return switch (name.getDomain()) {
            case OURS, JAVA -> true;
            case CAMEL -> {
                @Nullable String type = name.getKeyProperty("type");
                yield type != null && CAMEL_TYPES.contains(type);
            }
            default -> false;
        };
    }

    // Who may come here at all is decided before, for every path alike.

    @Override
    public boolean isRemoteAccessAllowed(String... hostOrAddress) {
        return true;
    }

    /** {@link JolokiaServlet} hides the origin of its own pages; any other is a foreign page's. */
    @Override
    public boolean isOriginAllowed(@Nullable String origin, boolean onlyWhenStrictCheckingIsEnabled) {
        return origin == null;
    }
}
