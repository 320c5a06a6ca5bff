package org.signupmailer.dev;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves the inbox to browsers on this machine. It listens on loopback, answers only to the names of loopback (a page
 * elsewhere must not read mails by pointing its own name here), changes nothing, and lets no mail run or load anything.
 */
final class InboxServer implements AutoCloseable {

    private static final String PAGE_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                    + " frame-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final String MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:;"
            + " base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox";

    private static final Pattern MAIL_PATH = Pattern.compile("/mail/(\\d{1,9})(/body)?");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private final Inbox inbox;
    private final InboxPage page;

    private InboxServer(HttpServer server, Inbox inbox, InboxPage page) {
        this.server = server;
        this.inbox = inbox;
        this.page = page;
    }

    /** Starts to serve on this port of 127.0.0.1; 0 takes a free one. */
    static InboxServer start(int port, Inbox inbox, InboxPage page) throws IOException {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        InboxServer server = new InboxServer(http, inbox, page);
        http.setExecutor(server.threads);
        http.createContext("/", server::handle);
        http.start();
        return server;
    }

    String url() {
        return "http://localhost:" + port() + "/";
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!isLoopbackName(exchange.getRequestHeaders().getFirst("Host"))) {
                send(exchange, 403, "text/plain", "This inbox answers to localhost and 127.0.0.1 only.\n");
            } else if (!Set.of("GET", "HEAD").contains(exchange.getRequestMethod())) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
                send(exchange, 405, "text/plain", "This inbox can only be read.\n");
            } else {
                answer(exchange);
            }
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        Matcher mail = MAIL_PATH.matcher(path);
        if (path.equals("/")) {
            send(exchange, 200, "text/html", page.following());
        } else if (path.equals("/revision")) {
            send(exchange, 200, "text/plain", Integer.toString(inbox.revision()));
        } else if (path.equals("/inbox.css")) {
            send(exchange, 200, "text/css", resource("inbox.css"));
        } else if (path.equals("/inbox.js")) {
            send(exchange, 200, "text/javascript", resource("inbox.js"));
        } else if (mail.matches()) {
            InboxMail found = inbox.mail(Integer.parseInt(mail.group(1))).orElse(null);
            if (found == null) {
                send(exchange, 404, "text/plain", "There is no such mail; it may have made room for newer ones.\n");
            } else if (mail.group(2) != null) {
                send(
                        exchange,
                        200,
                        "text/html",
                        MAIL_POLICY,
                        orEmpty(found.content().html()));
            } else {
                String query = exchange.getRequestURI().getQuery();
                send(exchange, 200, "text/html", page.selected(found, View.named(query)));
            }
        } else {
            send(exchange, 404, "text/plain", "There is nothing here.\n");
        }
    }

    private boolean isLoopbackName(@Nullable String host) {
        return host != null
                && Set.of("localhost:" + port(), "127.0.0.1:" + port()).contains(host);
    }

    private static void send(HttpExchange exchange, int status, String type, String body) throws IOException {
        send(exchange, status, type, PAGE_POLICY, body);
    }

    private static void send(HttpExchange exchange, int status, String type, String policy, String body)
            throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        Headers headers = exchange.getResponseHeaders();
        headers.set("Content-Type", type + "; charset=utf-8");
        headers.set("Content-Security-Policy", policy);
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.sendResponseHeaders(status, -1);
        } else {
            // A length of 0 would announce a chunked body.
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private static String resource(String name) {
        try (InputStream in = InboxServer.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("The inbox page lacks its file " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }
}
