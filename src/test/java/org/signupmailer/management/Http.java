package org.signupmailer.management;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.signupmailer.testing.SignupMailer;

/** Asks the management port. Keeps no cookies and follows nothing. */
final class Http {

    private final HttpClient client = HttpClient.newHttpClient();
    private final SignupMailer mailer;

    Http(SignupMailer mailer) {
        this.mailer = mailer;
    }

    HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, "", headers);
    }

    HttpResponse<String> send(String method, String path, String body, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + mailer.managementPort() + path))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** A request to Jolokia as a program makes it, with its login. */
    HttpResponse<String> jolokia(String json) throws IOException, InterruptedException {
        return send("POST", "/actuator/jolokia", json, "Content-Type", "application/json", "Authorization", login());
    }

    String login() {
        return basic("admin:" + mailer.setting("MANAGEMENT_PASSWORD"));
    }

    static String basic(String login) {
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }
}
