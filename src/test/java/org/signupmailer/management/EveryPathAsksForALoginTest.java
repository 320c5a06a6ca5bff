package org.signupmailer.management;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jolokia.server.core.util.RequestType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.signupmailer.testing.SignupMailer;
import org.signupmailer.testing.smtp.ScriptedSmtpServer;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.handler.AbstractUrlHandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/** Finds the paths of the management port by walking the running application, and asks each of them without a login. */
@Execution(ExecutionMode.CONCURRENT)
class EveryPathAsksForALoginTest {

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final String HEALTH = "/actuator/health";

    private static final ScriptedSmtpServer SMTP = ScriptedSmtpServer.start();
    private static final SignupMailer MAILER = SignupMailer.with().relay(SMTP).start();

    @BeforeAll
    static void read() {
        MAILER.awaitReading();
    }

    @AfterAll
    static void stop() {
        MAILER.close();
        SMTP.close();
    }

    @Test
    void withoutALoginEveryPathAnswers401Or403OrIsBareHealth() throws Exception {
        Http http = new Http(MAILER);
        var management = (WebApplicationContext) await().atMost(SignupMailer.PATIENCE)
                .until(MAILER.bean(ManagementServer.class)::management, Objects::nonNull);
        Set<String> paths = paths(management);
        assertThat(paths)
                .as("the walk found what is known to be there")
                .contains(
                        "/actuator",
                        "/actuator/prometheus",
                        "/actuator/metrics/x",
                        HEALTH,
                        "/actuator/hawtio",
                        "/actuator/hawtio/x",
                        "/actuator/hawtio/index.html",
                        "/actuator/hawtio/jolokia/exec",
                        "/actuator/jolokia/write",
                        "/error",
                        "/login")
                .hasSizeGreaterThan(250);

        Set<String> open = new TreeSet<>();
        for (String path : paths) {
            for (String method : path.contains("/static/") ? List.of("GET") : METHODS) {
                HttpResponse<String> answer = http.send(method, path, "");
                if (answer.statusCode() != 401 && answer.statusCode() != 403) {
                    open.add(path);
                    assertThat(path).as(method + " " + path + ": " + answer).startsWith(HEALTH);
                    assertThat(answer.body())
                            .as(method + " " + path)
                            .doesNotContain("components", "details", "diskSpace", "exception");
                }
            }
        }
        assertThat(open).contains(HEALTH);
    }

    @Test
    void aBrowserGetsTheLoginFormAndNothingElseWhereverItGoes() throws Exception {
        Http http = new Http(MAILER);
        for (String path : List.of("/", "/login", "/actuator", "/actuator/hawtio/", "/actuator/hawtio/camel", "/x")) {
            HttpResponse<String> answer = http.get(path, "Accept", "text/html");

            assertThat(answer.statusCode()).as(path).isEqualTo(401);
            assertThat(answer.body()).contains("<form method=\"post\" action=\"/login\">");
            assertThat(answer.headers().firstValue("WWW-Authenticate"))
                    .as("no box of the browser's")
                    .isEmpty();
        }
    }

    private static Set<String> paths(WebApplicationContext context) throws IOException {
        Set<String> patterns = new TreeSet<>(List.of("/", "/login", "/logout", "/actuator/hawtio/auth/logout"));
        context.getBeansOfType(HandlerMapping.class).values().forEach(mapping -> {
            if (mapping instanceof RequestMappingInfoHandlerMapping methods) {
                methods.getHandlerMethods().keySet().forEach(info -> patterns.addAll(info.getPatternValues()));
            }
            if (mapping instanceof AbstractUrlHandlerMapping urls) {
                patterns.addAll(urls.getHandlerMap().keySet());
            }
        });
        context.getBean(PathMappedEndpoints.class).getAllPaths().forEach(patterns::add);
        ServletContext servlets = context.getServletContext();
        assertThat(servlets).isNotNull();
        servlets.getServletRegistrations().values().forEach(servlet -> patterns.addAll(servlet.getMappings()));

        Set<String> paths = new TreeSet<>();
        for (String pattern : patterns) {
            String path =
                    pattern.replaceAll("\\{[^}]*}", "x").replace("**", "x").replace("*", "x");
            paths.add(path.isEmpty() ? "/" : path);
            if (pattern.endsWith("jolokia/*")) {
                Arrays.stream(RequestType.values())
                        .map(type -> pattern.replace("*", type.getName().toLowerCase(Locale.ROOT)))
                        .forEach(paths::add);
            }
        }
        var resources = new PathMatchingResourcePatternResolver();
        for (Resource file : resources.getResources("classpath*:/hawtio-static/**/*")) {
            if (file.isReadable()) {
                paths.add("/actuator/hawtio/" + behind("hawtio-static/", file));
            }
        }
        for (String folder : List.of("META-INF/resources/", "resources/", "static/", "public/")) {
            for (Resource file : resources.getResources("classpath*:/" + folder + "**/*")) {
                if (file.isReadable()) {
                    paths.add("/" + behind(folder, file));
                }
            }
        }
        return paths;
    }

    private static String behind(String folder, Resource file) throws IOException {
        String url = file.getURL().toString();
        return url.substring(url.lastIndexOf(folder) + folder.length());
    }
}
