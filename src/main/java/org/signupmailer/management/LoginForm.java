package org.signupmailer.management;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.util.HtmlUtils;

/**
 * What somebody gets who is not logged in: a browser the login form as the body of the 401, a program a challenge for
 * its login. There is no page for the form, so without a login nothing but health answers with anything else.
 */
final class LoginForm implements AuthenticationEntryPoint, AccessDeniedHandler {

    private static final Pattern OURS = Pattern.compile("/actuator(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*/?");
    private static final String NO_MESSAGE = "";

    private final SecureRandom random = new SecureRandom();

    /** Where to go after the login: to what was asked for, if that is ours. */
    static String destination(@Nullable String asked) {
        return asked != null && OURS.matcher(asked).matches() && !asked.equals(AccessConfiguration.HAWTIO_LOGOUT)
                ? asked
                : AccessConfiguration.HAWTIO + "/";
    }

    /** Nobody is logged in, or a program brought a wrong login. */
    @Override
    public void commence(HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
            throws IOException {
        if (why instanceof TooManyAttempts) {
            refuse(request, response, why);
        } else if (wantsPage(request)) {
            form(request, response, HttpServletResponse.SC_UNAUTHORIZED, NO_MESSAGE);
        } else {
            if (!TokenRequired.isFromBrowser(request)) {
                // A browser would ask for the login in a box of its own, and never forget it.
                response.setHeader("WWW-Authenticate", "Basic realm=\"signup-mailer\", charset=\"UTF-8\"");
            }
            line(response, HttpServletResponse.SC_UNAUTHORIZED, "Log in as MANAGEMENT_USER.");
        }
    }

    /** Nobody is logged in any more. */
    void bye(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (wantsPage(request)) {
            form(request, response, HttpServletResponse.SC_UNAUTHORIZED, note("status", "You are logged out."));
        } else {
            line(response, HttpServletResponse.SC_UNAUTHORIZED, "Logged out.");
        }
    }

    /** A login went wrong. */
    void refuse(HttpServletRequest request, HttpServletResponse response, AuthenticationException why)
            throws IOException {
        int status = HttpServletResponse.SC_UNAUTHORIZED;
        String text = "User or password is wrong.";
        if (why instanceof TooManyAttempts many) {
            status = 429;
            response.setHeader("Retry-After", Long.toString(many.seconds()));
            text = "Too many logins went wrong. Try again in " + many.seconds() + " s.";
        }
        if (wantsPage(request)) {
            form(request, response, status, note("alert", text));
        } else {
            line(response, status, text);
        }
    }

    /** A request that may change something came without the token of a page of ours. */
    @Override
    public void handle(HttpServletRequest request, HttpServletResponse response, AccessDeniedException why)
            throws IOException {
        if (request.getServletPath().equals(AccessConfiguration.LOGIN) && wantsPage(request)) {
            form(
                    request,
                    response,
                    HttpServletResponse.SC_FORBIDDEN,
                    note("alert", "The page was too old. Log in again."));
        } else {
            line(response, HttpServletResponse.SC_FORBIDDEN, "Refused: the CSRF token is missing or too old.");
        }
    }

    private static boolean wantsPage(HttpServletRequest request) {
        @Nullable String accept = request.getHeader("Accept");
        return accept != null && accept.contains("text/html");
    }

    private static void line(HttpServletResponse response, int status, String text) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain;charset=UTF-8");
        response.getOutputStream().write((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static String note(String role, String text) {
        return "<p role=\"" + role + "\">" + HtmlUtils.htmlEscape(text) + "</p>";
    }

    private void form(HttpServletRequest request, HttpServletResponse response, int status, String message)
            throws IOException {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        String nonce = Base64.getEncoder().encodeToString(bytes);
        @Nullable String asked = request.getParameter("to");
        CsrfToken token = (CsrfToken) request.getAttribute(CsrfToken.class.getName());
        String page = new ClassPathResource("management/login.html")
                .getContentAsString(StandardCharsets.UTF_8)
                .replace("{{nonce}}", nonce)
                .replace("{{message}}", message)
                .replace("{{csrf}}", token == null ? "" : HtmlUtils.htmlEscape(token.getToken()))
                .replace("{{to}}", HtmlUtils.htmlEscape(destination(asked == null ? request.getRequestURI() : asked)));
        response.setStatus(status);
        response.setContentType("text/html;charset=UTF-8");
        response.setHeader(
                "Content-Security-Policy",
                "default-src 'none'; style-src 'nonce-" + nonce
                        + "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
        response.getOutputStream().write(page.getBytes(StandardCharsets.UTF_8));
    }
}
