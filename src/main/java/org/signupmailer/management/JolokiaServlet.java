package org.signupmailer.management;

import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jolokia.server.core.http.AgentServlet;
import org.jolokia.server.core.service.api.JolokiaServiceManager;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * MBeans over HTTP under {@link JolokiaPolicy}. A GET only ever reads, since a link or an image can make one; a POST is
 * JSON, which no form can send; foreign pages get no answer; and no answer is a script.
 */
final class JolokiaServlet extends AgentServlet {

    private static final Set<String> READING = Set.of("", "read", "list", "search", "version");

    // Another way to give the path, and what makes a script of the answer.
    private static final Set<String> REFUSED_OPTIONS = Set.of("p", "callback");

    private final JolokiaPolicy policy;

    JolokiaServlet(JolokiaPolicy policy) {
        super(policy);
        this.policy = policy;
    }

    @Override
    protected void initServices(ServletConfig config, JolokiaServiceManager services) {
        super.initServices(config, services);
        services.addService(new UnlistedCommands(policy));
        services.addService(new OperationRights(policy));
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        boolean read = request.getMethod().equals("GET") && READING.contains(command(request));
        boolean ask = request.getMethod().equals("POST") && isJson(request.getContentType());
        boolean foreign = isForeign(request, "Origin") || isForeign(request, "Referer");
        boolean odd = !Collections.disjoint(options(request), REFUSED_OPTIONS);
        if (foreign || odd || !(read || ask)) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        super.service(new WithoutOrigin(request), response);
    }

    private static boolean isJson(@Nullable String type) {
        return type != null && (type.startsWith("application/json") || type.startsWith("text/json"));
    }

    private static String command(HttpServletRequest request) {
        @Nullable String path = request.getPathInfo();
        if (path == null) {
            return "";
        }
        int start = path.startsWith("/") ? 1 : 0;
        int end = path.indexOf('/', start);
        return path.substring(start, end < 0 ? path.length() : end).toLowerCase(Locale.ROOT);
    }

    private static Set<String> options(HttpServletRequest request) {
        return UriComponentsBuilder.newInstance()
                .query(request.getQueryString())
                .build()
                .getQueryParams()
                .keySet()
                .stream()
                .map(option -> URLDecoder.decode(option, StandardCharsets.UTF_8))
                .collect(Collectors.toSet());
    }

    private static boolean isForeign(HttpServletRequest request, String header) {
        @Nullable String value = request.getHeader(header);
        if (value == null) {
            return false;
        }
        try {
            @Nullable String from = URI.create(value).getAuthority();
            return from == null || !from.equalsIgnoreCase(request.getHeader("Host"));
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    /** Jolokia answers an origin that it knows with permission for that origin's pages; ours need none. */
    private static final class WithoutOrigin extends HttpServletRequestWrapper {

        private WithoutOrigin(HttpServletRequest request) {
            super(request);
        }

        @Override
        public @Nullable String getHeader(String name) {
            return name.equalsIgnoreCase("Origin") || name.equalsIgnoreCase("Referer") ? null : super.getHeader(name);
        }
    }
}
