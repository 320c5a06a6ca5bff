package org.signupmailer.management;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;

/**
 * Hawtio's pages, and the few questions that they ask the server besides Jolokia: who is logged in, how long the session
 * lasts, which plugins there are. Everything here is behind the login of {@link AccessConfiguration}.
 */
final class HawtioServlet extends HttpServlet {

    // As it is in Hawtio's index.html.
    private static final String BUILT_FOR = "/hawtio/";
    private static final String JSON = "application/json;charset=UTF-8";
    private static final Pattern FILE =
            Pattern.compile("(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/[A-Za-z0-9_-][A-Za-z0-9._-]*\\.(\\w+)");
    private static final Map<String, String> TYPES = Map.of(
            "js", "text/javascript;charset=UTF-8",
            "css", "text/css;charset=UTF-8",
            "json", JSON,
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "woff2", "font/woff2",
            "ttf", "font/ttf");

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        @Nullable String path = request.getPathInfo();
        if (path == null || !request.getServletPath().equals(AccessConfiguration.HAWTIO)) {
            response.sendRedirect(AccessConfiguration.HAWTIO + "/");
            return;
        }
        switch (path) {
            case "/user" -> answer(response, '"' + escaped(String.valueOf(request.getRemoteUser())) + '"');
            case "/auth/config", "/auth/config/login" ->
                // The login happens before Hawtio; "external" tells it to have no form of its own.
                answer(response, "[{\"method\":\"external\",\"name\":\"signup-mailer\"}]");
            case "/auth/config/session-timeout" -> sessionTimeout(request, response);
            case "/plugin" -> answer(response, "[]");
            case "/proxy/enabled", "/keycloak/enabled" -> answer(response, "false");
            case "/refresh" -> answer(response, "true");
            case "/hawtconfig.json" -> file(response, "management/hawtio/hawtconfig.json", "json");
            default -> page(response, path);
        }
    }

    private static void page(HttpServletResponse response, String path) throws IOException {
        var file = FILE.matcher(path);
        if (!file.matches() || path.equals("/index.html")) {
            // Also for the places inside Hawtio, which are paths to a browser that loads them again.
            index(response);
            return;
        }
        if (path.startsWith("/static/")) {
            // Their names change with their content.
            response.setHeader("Cache-Control", "private, max-age=31536000, immutable");
        }
        file(response, "hawtio-static" + path, file.group(2));
    }

    private static void index(HttpServletResponse response) throws IOException {
        String page = new ClassPathResource("hawtio-static/index.html")
                .getContentAsString(StandardCharsets.UTF_8)
                .replace(BUILT_FOR, AccessConfiguration.HAWTIO + "/");
        response.setContentType("text/html;charset=UTF-8");
        response.getOutputStream().write(page.getBytes(StandardCharsets.UTF_8));
    }

    private static void file(HttpServletResponse response, String resource, String ending) throws IOException {
        @Nullable String type = TYPES.get(ending);
        ClassPathResource found = new ClassPathResource(resource);
        if (type == null || !found.exists()) {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setContentType(type);
        try (InputStream in = found.getInputStream()) {
            in.transferTo(response.getOutputStream());
        }
    }

    private static void sessionTimeout(HttpServletRequest request, HttpServletResponse response) throws IOException {
        long now = System.currentTimeMillis();
        @Nullable String sent = request.getParameter("t");
        long asked = sent != null && sent.matches("\\d{1,15}") ? Long.parseLong(sent) : now;
        var session = request.getSession(false);
        answer(
                response,
                "{\"req\":" + asked + ",\"now\":" + now + ",\"timeout\":"
                        + (session == null ? -1 : session.getMaxInactiveInterval()) + "}");
    }

    private static void answer(HttpServletResponse response, String json) throws IOException {
        response.setContentType(JSON);
        response.getOutputStream().write(json.getBytes(StandardCharsets.UTF_8));
    }

    private static String escaped(String text) {
        StringBuilder json = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (c < 0x20 || c == '"' || c == '\\' || c > 0x7e) {
                for (char unit : Character.toChars(c)) {
                    json.append(String.format("\\u%04x", (int) unit));
                }
            } else {
                json.appendCodePoint(c);
            }
        });
        return json.toString();
    }
}
