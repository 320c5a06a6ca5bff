package org.signupmailer.management;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * On a loopback address, answers only who asks for this machine by its own names. A foreign page whose name is made to
 * lead here (DNS rebinding) could otherwise try passwords from an operator's browser.
 */
final class AddressedByName extends OncePerRequestFilter {

    private static final byte[] REFUSAL =
            ("Management listens on this machine only and answers to localhost. To reach it by another name, set"
                            + " MANAGEMENT_ADDRESS, or let the proxy in front ask for localhost.\n")
                    .getBytes(StandardCharsets.UTF_8);

    private final boolean loopbackOnly;

    /** @param address where the management port listens */
    AddressedByName(String address) {
        loopbackOnly = LoopbackNames.isLoopback(address) || LoopbackNames.isLoopbackHost(address);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        @Nullable String host = request.getHeader("Host");
        if (loopbackOnly && host != null && !LoopbackNames.isLoopbackHost(host)) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            response.setContentType("text/plain;charset=UTF-8");
            response.getOutputStream().write(REFUSAL);
            return;
        }
        chain.doFilter(request, response);
    }
}
